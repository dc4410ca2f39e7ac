import { AdvError } from '../base/errors.js';
import { at } from '../base/at.js';
import { withPauses } from '../base/streaming.js';
import { TokenCounts } from './token-counts.js';
import type { Example, Tokenizer } from './types.js';

const specials = ['<unk>', '<begin>', '<end>'] as const;

/** A text as ids. */
export interface EncodedText {
  /** Begin, the tokens, end. */
  readonly ids: readonly number[];
  /** Whether tokens were cut off. */
  readonly truncated: boolean;
  /** Those of the tokens kept that the vocabulary lacks, one for each unknown id, in their order. */
  readonly unknown: readonly string[];
}

/** The tokens a model knows, each with its id: its place in the list. Three special tokens come first. */
export class Vocabulary {
  static readonly unknownId = 0;
  static readonly beginId = 1;
  static readonly endId = 2;
  /** Of the first token that is none of these. */
  static readonly firstWordId = specials.length;

  /** Every token, specials first; the id of a token is its place. */
  readonly tokens: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  private constructor(tokens: readonly string[]) {
    this.tokens = tokens;
    // The specials stay out, so that a text cannot name them.
    this.#ids = new Map(
      tokens.slice(specials.length).map((token, place) => [token, place + specials.length]),
    );
  }

  /**
   * A vocabulary from its whole list: '<unk>', '<begin>', '<end>', then different tokens.
   *
   * @throws AdvError MODEL when the list is not of this form
   */
  static fromTokens(tokens: readonly string[]): Vocabulary {
    specials.forEach((special, id) => {
      if (tokens[id] === special) return;
      throw new AdvError(
        'MODEL',
        `expected '${special}' as token ${id} of the vocabulary, got ${JSON.stringify(tokens[id])}`,
        'The vocabulary is damaged or comes from another program.',
      );
    });
    const vocabulary = new Vocabulary([...tokens]);
    if (vocabulary.#ids.size !== tokens.length - specials.length) {
      throw new AdvError(
        'MODEL',
        `expected ${tokens.length - specials.length} different tokens after the special ones, ` +
          `got ${vocabulary.#ids.size}`,
        'The vocabulary is damaged: a token occurs twice.',
      );
    }
    return vocabulary;
  }

  /** V, the number of tokens with the special ones. */
  get size(): number {
    return this.tokens.length;
  }

  /**
   * Ids of a text: begin, at most `maxTokens` tokens, end.
   *
   * @param maxTokens at least 0
   */
  encode(tokens: readonly string[], maxTokens: number): EncodedText {
    const ids: number[] = [Vocabulary.beginId];
    const kept = Math.min(tokens.length, maxTokens);
    const unknown: string[] = [];
    for (let place = 0; place < kept; place++) {
      const token = at(tokens, place);
      const id = this.#ids.get(token);
      if (id === undefined) unknown.push(token);
      ids.push(id ?? Vocabulary.unknownId);
    }
    ids.push(Vocabulary.endId);
    return { ids, truncated: tokens.length > kept, unknown };
  }
}

/**
 * Builds a vocabulary from training data: every token among the first `maxTokens` of a text, by falling count and, where
 * counts are equal, by code point.
 *
 * @throws AdvError INTERRUPTED when the signal fires
 */
export async function buildVocabulary(
  examples: AsyncIterable<Example>,
  tokenizer: Tokenizer,
  maxTokens: number,
  signal?: AbortSignal,
): Promise<Vocabulary> {
  const counts = new TokenCounts();
  for await (const { text } of withPauses(examples, signal)) {
    const tokens = tokenizer.tokenize(text);
    counts.add(tokens.length > maxTokens ? tokens.slice(0, maxTokens) : tokens);
  }
  return Vocabulary.fromTokens([...specials, ...counts.mostFrequent().map(({ token }) => token)]);
}
