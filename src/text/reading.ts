import type { NativeTexts } from '../engine/addon.js';
import { packEncoded } from './lexicon.js';
import type { FeatureRow, NgramFeatures } from './ngrams/features.js';
import { packTexts } from './packed.js';
import type { Subwords } from './subwords.js';
import type { Tokenizer } from './types.js';
import type { EncodedText, Vocabulary } from './vocabulary.js';

/** How texts become token ids. */
export interface TokenEncoding {
  readonly tokenizer: Tokenizer;
  readonly vocabulary: Vocabulary;
  /** Longest text in tokens without begin and end. */
  readonly maxTokens: number;
  /** Where words have n-grams. */
  readonly subwords?: Subwords | undefined;
}

/** What a model reads of a text. */
export interface Reading {
  /** Where it has a network. */
  readonly tokens?: TokenEncoding | undefined;
  /** Where it has n-grams. */
  readonly features?: NgramFeatures | undefined;
}

/** Texts as models read them; without a network, texts of no tokens. */
export interface ReadTexts extends NativeTexts {
  /** The features of each text where the model has n-grams; else none. */
  readonly featureRows: readonly FeatureRow[];
}

/** A text as a model reads it. */
export interface ReadText extends EncodedText {
  readonly featureRow: FeatureRow | undefined;
}

const noTokens: EncodedText = { ids: [], truncated: false, unknown: [] };

/** Ids of a text: begin, at most maxTokens tokens, end. Without an encoding none. */
export function encodeText(text: string, tokens: TokenEncoding | undefined): EncodedText {
  if (tokens === undefined) return noTokens;
  const { tokenizer, vocabulary, maxTokens } = tokens;
  return vocabulary.encode(tokenizer.tokenize(text), maxTokens);
}

/** All that a model reads of a text. */
export function readText(text: string, { tokens, features }: Reading): ReadText {
  return { ...encodeText(text, tokens), featureRow: features?.rowOf(text) };
}

/** Packs texts that were read. */
export function packRead(texts: readonly ReadText[], { tokens }: Reading): ReadTexts {
  const packed =
    tokens === undefined
      ? packTexts(texts.map(({ ids }) => ids))
      : packEncoded(texts, tokens.vocabulary, tokens.subwords);
  return { ...packed, featureRows: texts.flatMap(({ featureRow }) => featureRow ?? []) };
}
