import { AdvError } from '../errors.js';
import type { Level, Tokenizer } from './types.js';

/**
 * What both tokenizers start from: lone surrogates become U+FFFD, because text with them cannot be stored as UTF-8, and
 * characters are composed (NFC), so that one letter is one token however it was typed.
 */
function normalise(text: string): string {
  return text.toWellFormed().normalize('NFC');
}

/** White space that is no single space: most texts have none, and to find that out is all they cost. */
const notSingleSpace = /[^\S ]\s*| \s+/gu;

/** Code points; runs of white space are one space, and none at either end. */
const characters: Tokenizer = {
  name: 'characters',
  version: 1,
  tokenize: (text) => Array.from(normalise(text).replace(notSingleSpace, ' ').trim()),
};

/** A number with its separators, then a word with inner apostrophes and hyphens, then any other visible symbol. */
const wordPattern =
  /\p{Nd}+(?:[.,]\p{Nd}+)+|[\p{L}\p{M}\p{N}]+(?:['’\-\u2010\u2011][\p{L}\p{M}\p{N}]+)*|[^\s]/gu;

/** Lower-cased words, numbers and single symbols. */
const words: Tokenizer = {
  name: 'words',
  version: 1,
  // Composed again after lower-casing, which can take a letter apart (İ becomes i and a dot above).
  tokenize: (text) => normalise(text).toLowerCase().normalize('NFC').match(wordPattern) ?? [],
};

/** The current tokenizer of a level: 'characters' for char, 'words' for word. */
export function tokenizerFor(level: Level): Tokenizer {
  return level === 'char' ? characters : words;
}

/**
 * The tokenizer that a model was trained with.
 *
 * @throws AdvError MODEL when this version of the package has no such tokenizer
 */
export function tokenizerNamed(name: string, version: number): Tokenizer {
  const known = [characters, words];
  const found = known.find((tokenizer) => tokenizer.name === name && tokenizer.version === version);
  if (found !== undefined) return found;
  throw new AdvError(
    'MODEL',
    `expected a tokenizer among ${known.map((one) => `'${one.name}' version ${one.version}`).join(', ')}, ` +
      `got '${name}' version ${version}`,
    'The model was made by another version of advnative: use that version.',
  );
}
