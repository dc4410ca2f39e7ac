import type { NativeBatch } from '../engine/addon.js';

/** One text and its class. `id` is stable over runs and unique in its split; paired tests match examples by text and label. */
export interface Example {
  readonly id: string;
  readonly text: string;
  readonly label: string;
}

/** What a token is. */
export type Level = 'char' | 'word';

/** Turns text into tokens, a step after the other. */
export interface Tokenizer {
  /** Every step as 'name@version': what inference needs to do exactly the same. */
  readonly steps: readonly string[];
  /** What its tokens are. */
  readonly level: Level;
  tokenize(text: string): string[];
}

/**
 * A split as token ids. Its rows are the examples in the order of the data; only a few bytes of each are sure to be in
 * memory, the ids come a batch at a time.
 */
export interface EncodedSplit {
  /** Number of examples. */
  readonly count: number;
  /** Number of tokens, with begin and end of every text. */
  readonly tokens: number;
  /** Examples whose text was longer than maxTokens. */
  readonly truncated: number;
  /** Share of tokens that the vocabulary lacks. */
  readonly unknownShare: number;
  /** Examples of each class, in the order of the labels. */
  readonly classCounts: readonly number[];
  /** Tokens of one row's text, with begin and end. */
  lengthOf(row: number): number;
  /** The most n-grams that so many of its different words have together; 0 where words have none. */
  mostSubwords(words: number): number;
  /**
   * Packs the texts and labels of some rows, in their order: ids [N], offsets [B + 1], labels [B], and their words where these have
   * n-grams.
   *
   * @throws AdvError STORAGE when the disk that holds the ids fails
   */
  batch(rows: Int32Array): Promise<NativeBatch>;
  /** Frees memory and disk, after the reads that have begun. No batch may be asked for afterwards. */
  close(): Promise<void>;
}
