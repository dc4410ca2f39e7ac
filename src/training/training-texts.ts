import { anyNumber } from '../base/rules.js';
import { fields, kept, type Kept } from '../base/schema.js';
import { IntegerCounts } from '../statistics/distribution.js';
import { countSentences } from '../text/sentences.js';
import type { EncodedSplit, Example } from '../text/types.js';

const measured = kept(anyNumber);

/** What a file must hold for {@link TrainingTexts}. */
export const trainingTextsSchema = fields({
  /** Tokens of a text as the network reads it: truncated, without begin and end. Quantiles are those of a description of the data. */
  tokens: fields({ mean: measured, median: measured, p95: measured }),
  /** Mean number of sentences in a whole text. */
  sentences: measured,
});

/** How long the texts are that a network is trained on, as run.json holds it. */
export interface TrainingTexts extends Kept<typeof trainingTextsSchema> {}

/** Measures training texts on their way to the network. */
export class TrainingTextMeasures {
  readonly #sentences = new IntegerCounts();

  add({ text }: Example): void {
    this.#sentences.add(countSentences(text));
  }

  /** @param split what the texts came to; at least one */
  of(split: Pick<EncodedSplit, 'count' | 'lengthOf'>): TrainingTexts {
    const tokens = new IntegerCounts();
    for (let row = 0; row < split.count; row++) tokens.add(split.lengthOf(row) - beginAndEnd);
    const { mean, quantiles } = tokens.distribution();
    return {
      tokens: { mean, median: quantiles.median, p95: quantiles.p95 },
      sentences: this.#sentences.distribution().mean,
    };
  }
}

const beginAndEnd = 2;
