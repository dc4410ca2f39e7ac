import type { RunRecord } from '../../training/run-record.js';
import type { PaperFigure } from '../paper-rows.js';
import type { Learnt, PaperLearnt } from './study-analysis.js';

/** Warnings of runs that are no better than answers which never read the text. */
const doubts: readonly string[] = [
  'DIVERGED',
  'WORSE_THAN_UNTRAINED',
  'WORSE_THAN_PRIOR',
  'WORSE_THAN_MAJORITY',
];

/** Of the warnings that mean that a run learnt nothing, its own. */
export function doubtsOf({ warnings = [] }: RunRecord): string[] {
  return warnings.map(({ code }) => code).filter((code) => doubts.includes(code));
}

/** Whether the runs of a cell learnt, by their warnings. */
export function learntOf(records: readonly RunRecord[]): Learnt {
  const found = records.map(doubtsOf);
  return {
    learnt: found.filter((codes) => codes.length === 0).length,
    of: records.length,
    doubts: [...new Set(found.flat())],
  };
}

/** A loss that is not this share of a rival's has not left it: what training/doubts.ts goes by. */
const better = 0.99;

/**
 * Whether a loss of the paper, always cross-entropy, is below what is reached without learning.
 *
 * @param classes of the row
 * @param priorLoss of the classes' shares in the data here; null where there is none
 */
export function paperLearnt(
  { loss }: PaperFigure,
  classes: number | undefined,
  priorLoss: number | null,
): PaperLearnt {
  const rivals = [
    ...(priorLoss === null ? [] : [priorLoss]),
    ...(classes === undefined ? [] : [Math.log(classes)]),
  ];
  if (rivals.length === 0) return null;
  return loss < better * Math.min(...rivals) ? 'yes' : 'no';
}
