import type { Level } from '../../text/types.js';
import type { Dataset } from '../types.js';
import { warningsOf } from './doubt.js';
import { levelFor } from './scripts.js';
import { surveyDoubts, type SurveyedSplit } from './survey.js';

/**
 * Users' data with what is likely wrong with it.
 *
 * @param dataset whose level is undefined where its texts decide
 * @param splits what was seen of it, the training data first
 */
export function withDoubts(
  dataset: Omit<Dataset, 'level'> & { readonly level: Level | undefined },
  splits: readonly SurveyedSplit[],
): Dataset {
  const { level, defaults, facts } = dataset;
  const sample = splits[0]?.survey.sample ?? [];
  const doubts = surveyDoubts(splits);
  return {
    ...dataset,
    ...(level === undefined ? levelFor(sample, defaults) : { level }),
    facts: { ...facts, warnings: warningsOf(doubts) },
    doubts,
    sample,
    // It grows while the splits are read, which a copy would not.
    get skipped() {
      return dataset.skipped;
    },
  };
}
