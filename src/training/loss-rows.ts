import type { LossRow } from '../statistics/losses.js';

/** Rows of test-losses.csv, in the order of the split. */
export function lossRows(
  split: { readonly exampleIds: readonly string[]; readonly labels: Int32Array },
  classNames: readonly string[],
  evaluation: { readonly predictions: Int32Array; readonly losses: Float64Array },
): LossRow[] {
  const name = (place: number | undefined): string => classNames[place ?? -1] ?? '';
  return split.exampleIds.map((id, row) => ({
    id,
    label: name(split.labels[row]),
    prediction: name(evaluation.predictions[row]),
    loss: evaluation.losses[row] ?? Number.NaN,
  }));
}
