import type { Hash } from 'node:crypto';
import { Random } from '../base/random.js';
import { labelled, noExample, type LabelledExample, type Labelling } from '../text/encode.js';
import type { Example } from '../text/types.js';
import type { SplitFacts } from './prepare.js';

/** A split that is read as texts, of which nothing is kept but what a run tells of it. */
export class TextSplit implements SplitFacts {
  count = 0;
  readonly classCounts: number[];
  // Tokens are what networks read.
  readonly tokens = 0;
  readonly truncated = 0;
  readonly unknownShare = 0;

  constructor(labels: readonly string[]) {
    this.classCounts = labels.map(() => 0);
  }

  /**
   * Examples, counted on their way.
   *
   * @param hash receives each text and the place of its label
   * @throws AdvError DATA_MALFORMED for another label or none of them at all, INTERRUPTED when the signal fires
   */
  async *read(
    examples: AsyncIterable<Example>,
    how: Labelling,
    hash: Hash,
  ): AsyncGenerator<LabelledExample, void, undefined> {
    for await (const one of labelled(examples, how)) {
      const { example, label } = one;
      this.count++;
      this.classCounts[label] = (this.classCounts[label] ?? 0) + 1;
      hash.update(`${label}\t${example.text}\n`);
      yield one;
    }
    if (this.count === 0) throw noExample();
  }
}

/** Draws are integers below this. */
const drawBound = 2 ** 30;

/**
 * All examples of a stream; of more text than is to be kept a sample, each example as likely as any other, in their order. However long
 * the stream is, little more than that is held.
 *
 * @param mostCharacters UTF-16 units that the sample has at most
 */
export async function sampled<One extends LabelledExample>(
  examples: AsyncIterable<One>,
  mostCharacters: number,
  seed: number,
): Promise<One[]> {
  const random = new Random(seed, 'sample of texts');
  let kept: { readonly one: One; readonly draw: number }[] = [];
  let [below, characters] = [drawBound, 0];
  for await (const one of examples) {
    const draw = random.below(drawBound);
    if (draw >= below) continue;
    kept.push({ one, draw });
    characters += one.example.text.length;
    while (characters > mostCharacters && below > 1) {
      below /= 2;
      const bound = below;
      kept = kept.filter((other) => other.draw < bound);
      characters = kept.reduce((sum, { one: { example } }) => sum + example.text.length, 0);
    }
  }
  return kept.map(({ one }) => one);
}
