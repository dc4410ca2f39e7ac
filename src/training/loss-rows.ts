import type { LossRow } from '../statistics/losses.js';
import type { ScoredExamples } from './model.js';

/** Scored examples as rows of test-losses.csv. */
export async function* lossRows(
  scored: AsyncIterable<ScoredExamples>,
  classNames: readonly string[],
): AsyncGenerator<LossRow[], void, undefined> {
  const name = (place: number | undefined): string => classNames[place ?? -1] ?? '';
  for await (const { exampleIds, labels, predictions, losses } of scored) {
    yield exampleIds.map((id, row) => ({
      id,
      label: name(labels[row]),
      prediction: name(predictions[row]),
      loss: losses[row] ?? Number.NaN,
    }));
  }
}
