import { codePointCount } from '../../text/code-points.js';
import type { SplitName } from '../../datasets/split-names.js';
import type { Example } from '../../text/types.js';
import { ClassCounts } from '../../statistics/class-balance.js';
import type { SplitDescription } from './description.js';
import { IntegerCounts } from '../../statistics/distribution.js';
import { countSentences } from '../../text/sentences.js';
import { TokenCounts, unknownShare } from '../../text/token-counts.js';

/** What is counted of a split, an example at a time. */
export class SplitMeasures {
  readonly tokens = new TokenCounts();
  readonly #classes: ClassCounts;
  readonly #tokensInText = new IntegerCounts();
  readonly #charactersInText = new IntegerCounts();
  readonly #sentencesInText = new IntegerCounts();
  #bytes = 0;

  /** @param labels the classes of the dataset */
  constructor(
    readonly split: SplitName,
    labels: readonly string[],
  ) {
    this.#classes = new ClassCounts(labels);
  }

  /** Examples so far. */
  get examples(): number {
    return this.#tokensInText.total;
  }

  /** Bytes of all texts so far, as UTF-8. */
  get bytes(): number {
    return this.#bytes;
  }

  add({ text, label }: Example, tokens: readonly string[]): void {
    this.tokens.add(tokens);
    this.#classes.add(label);
    this.#tokensInText.add(tokens.length);
    this.#charactersInText.add(codePointCount(text));
    this.#sentencesInText.add(countSentences(text));
    this.#bytes += Buffer.byteLength(text);
  }

  /**
   * @param training tokens of the training data; undefined for the training data itself
   * @throws RangeError when the split has no example
   */
  describe(maxTokens: number, training: TokenCounts | undefined): SplitDescription {
    return {
      split: this.split,
      examples: this.examples,
      classes: this.#classes.balance(),
      tokens: this.tokens.total,
      characters: this.#charactersInText.sum,
      tokensInText: this.#tokensInText.distribution(),
      charactersInText: this.#charactersInText.distribution(),
      sentencesInText: this.#sentencesInText.distribution(),
      cut: this.#tokensInText.above(maxTokens) / this.examples,
      unknown: training === undefined ? null : unknownShare(training, this.tokens),
    };
  }
}
