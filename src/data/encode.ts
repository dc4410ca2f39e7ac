import { AdvError } from '../errors.js';
import { GrowingInt32 } from './growing.js';
import { withPauses } from './streaming.js';
import type { EncodedSplit, Example, Tokenizer } from './types.js';
import type { Vocabulary } from './vocabulary.js';

/** How texts become token ids. */
export interface Encoding {
  readonly tokenizer: Tokenizer;
  readonly vocabulary: Vocabulary;
  /** Longest text in tokens without begin and end. */
  readonly maxTokens: number;
}

/** Texts as packed token ids: text b owns ids[offsets[b]] … ids[offsets[b + 1] - 1]. */
export interface EncodedTexts {
  readonly ids: Int32Array;
  readonly offsets: Int32Array;
  /** Texts that were longer than maxTokens. */
  readonly truncated: number;
}

/** Packs one text after the other. */
class Packer {
  readonly #ids = new GrowingInt32();
  readonly #offsets = new GrowingInt32();
  readonly #how: Encoding;
  #truncated = 0;
  #unknown = 0;

  constructor(how: Encoding) {
    this.#how = how;
    this.#offsets.push(0);
  }

  add(text: string): void {
    const { tokenizer, vocabulary, maxTokens } = this.#how;
    const { ids, truncated, unknown } = vocabulary.encode(tokenizer.tokenize(text), maxTokens);
    this.#ids.pushAll(ids);
    this.#offsets.push(this.#ids.length);
    this.#unknown += unknown;
    if (truncated) this.#truncated++;
  }

  finish(): EncodedTexts & { readonly unknownShare: number } {
    const texts = this.#offsets.length - 1;
    const tokens = this.#ids.length - 2 * texts;
    return {
      ids: this.#ids.toArray(),
      offsets: this.#offsets.toArray(),
      truncated: this.#truncated,
      unknownShare: tokens === 0 ? 0 : this.#unknown / tokens,
    };
  }
}

/**
 * Encodes a whole split into packed arrays.
 *
 * @param how.labels the classes; a label's id is its place
 * @returns ids [N], offsets [B + 1], labels [B] and exampleIds [B]; unknownShare counts neither begin nor end
 * @throws AdvError DATA_MALFORMED when a label is not among the classes or the split is empty, INTERRUPTED when the
 * signal fires
 */
export async function encodeSplit(
  examples: AsyncIterable<Example>,
  how: Encoding & { readonly labels: readonly string[]; readonly signal?: AbortSignal | undefined },
): Promise<EncodedSplit> {
  const labelIds = new Map(how.labels.map((label, id) => [label, id]));
  const packer = new Packer(how);
  const labels = new GrowingInt32();
  const exampleIds: string[] = [];
  for await (const { id, text, label } of withPauses(examples, how.signal)) {
    const labelId = labelIds.get(label);
    if (labelId === undefined) {
      throw new AdvError(
        'DATA_MALFORMED',
        `example ${id}: expected a label among ${how.labels.join(', ')}, got '${label}'`,
        'A model can only be trained and tested on the classes of its training data.',
      );
    }
    packer.add(text);
    labels.push(labelId);
    exampleIds.push(id);
  }
  if (exampleIds.length === 0) {
    throw new AdvError('DATA_MALFORMED', 'expected at least one example, got none', 'Check the data file.');
  }
  return { ...packer.finish(), labels: labels.toArray(), exampleIds };
}

/** Encodes texts without labels, for prediction: ids [N] and offsets [B + 1]. */
export function encodeTexts(texts: readonly string[], how: Encoding): EncodedTexts {
  const packer = new Packer(how);
  for (const text of texts) packer.add(text);
  const { ids, offsets, truncated } = packer.finish();
  return { ids, offsets, truncated };
}
