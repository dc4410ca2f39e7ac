import type { EpochRecord } from '../base/epoch-record.js';

/** An epoch is lost when both its losses are more than this many times what is reached without learning. */
export const lostFactor = 10;

/**
 * Epochs in a row, and training steps in them, that must be lost. Where an epoch is one step of 20 texts, runs came back
 * from as many as 26 lost steps and learnt well after them.
 */
const leastEpochs = 2;
const leastSteps = 100;

/**
 * Whether training has diverged: the last epochs are lost, and they are so many that it does not come back. An epoch whose
 * validation loss alone is large is overfitted, and one whose training loss alone is large began badly; neither is lost.
 *
 * @param history all epochs so far, with the untrained model's first
 * @param scale.priorLoss loss of the label prior; the larger of it and the untrained model's is reached
 *   without learning
 * @param scale.batches training steps in an epoch
 */
export function hasDiverged(
  history: readonly EpochRecord[],
  scale: { readonly priorLoss: number; readonly batches: number },
): boolean {
  const untrained = history[0]?.validLoss ?? Infinity;
  const bound = lostFactor * Math.max(untrained, scale.priorLoss);
  const kept = history.findLastIndex((record) => !isLost(record, bound));
  const lost = history.length - 1 - kept;
  return lost >= leastEpochs && lost * scale.batches >= leastSteps;
}

function isLost({ trainLoss, validLoss }: EpochRecord, bound: number): boolean {
  return trainLoss !== null && trainLoss > bound && validLoss > bound;
}
