import type { Hash } from 'node:crypto';
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
