import { at } from '../base/at.js';
import { fitScales } from '../linear/calibration.js';
import { jointLogits, type NgramBranch } from '../linear/branch.js';
import type { ClassificationMetrics } from '../statistics/metrics.js';
import { stretches, stretchLength } from '../text/batches.js';
import type { NetworkRun } from './active-run.js';
import { measured } from './baseline.js';
import type { FittedLinear } from './fit-linear.js';
import { logitsOf } from './score.js';

/** What the weights of network and n-grams were on DSL, Czech posts and subjectivity: docs/decisions/ngrams.md. */
const likelyScales = { network: { usual: 0.4, spread: 0.2 }, ngrams: { usual: 0.6, spread: 0.2 } };

/** Characters that the classifier of a branch is fitted on at most: its n-grams take some 100 bytes a character meanwhile. */
export const branchCharacters = 12e6;

/** What takes less memory, in words of a hint. */
export const fewerNgrams = 'fewer n-grams, such as --ngrams char:1-3';

/**
 * Weighs a run's network, whose selected parameters its engine holds, and a linear classifier against each other on the validation texts.
 *
 * @throws an error of code 'CANCELLED' when the signal fires
 */
export async function fitBranch(
  { classifier, data, recipe, watch }: NetworkRun,
  fitted: FittedLinear,
): Promise<{ readonly branch: NgramBranch; readonly valid: ClassificationMetrics }> {
  const network: Float64Array[] = [];
  for await (const texts of stretches(data.valid, stretchLength(recipe.batchSize))) {
    network.push(...(await logitsOf({ network: classifier }, { ...texts, featureRows: [] }, watch.signal)));
  }
  const { validScores, validLabels } = fitted;
  const scales = fitScales(
    [
      { scores: network, likely: likelyScales.network },
      { scores: validScores, likely: likelyScales.ngrams },
    ],
    validLabels,
  );
  const [networkScale = 1, ngramScale = 0] = scales;
  const branch = { classifier: fitted.classifier, networkScale, ngramScale };
  const logits = network.map((row, place) => jointLogits(branch, row, at(validScores, place)));
  return { branch, valid: measured(logits, validLabels, data.dataset.labels) };
}
