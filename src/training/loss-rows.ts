import { textHash } from '../text/text-hash.js';
import type { Example } from '../text/types.js';
import type { LossRow } from './loss-file.js';
import type { ScoredExamples } from './model.js';

/** Scores examples, some at a time and in their order. */
export type Scorer = (examples: AsyncIterable<Example>) => AsyncIterable<ScoredExamples>;

type HashedExample = Pick<LossRow, 'id' | 'textHash'>;

/**
 * Scores examples into rows of test-losses.csv, some at a time. Texts are hashed on their way to the model: of those whose
 * scores have not come yet, hashes are held and no texts.
 */
export async function* lossRows(
  examples: AsyncIterable<Example>,
  score: Scorer,
  classNames: readonly string[],
): AsyncGenerator<LossRow[], void, undefined> {
  const name = (place: number | undefined): string => classNames[place ?? -1] ?? '';
  const underway: HashedExample[] = [];
  for await (const { exampleIds, labels, predictions, losses } of score(hashed(examples, underway))) {
    const part = underway.splice(0, exampleIds.length);
    requireSameOrder(part, exampleIds);
    yield part.map((example, row) => ({
      ...example,
      label: name(labels[row]),
      prediction: name(predictions[row]),
      loss: losses[row] ?? Number.NaN,
    }));
  }
}

async function* hashed(
  examples: AsyncIterable<Example>,
  underway: HashedExample[],
): AsyncGenerator<Example, void, undefined> {
  for await (const example of examples) {
    underway.push({ id: example.id, textHash: textHash(example.text) });
    yield example;
  }
}

/** A loss beside the hash of another text would be compared with the losses of that text. */
function requireSameOrder(part: readonly HashedExample[], exampleIds: readonly string[]): void {
  const same = part.length === exampleIds.length && part.every(({ id }, row) => id === exampleIds[row]);
  if (!same) throw new Error('expected scores in the order of the examples, got another order');
}
