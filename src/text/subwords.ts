import { codePointCount } from './code-points.js';
import { codePointsOf, runCount, runHashes } from './ngrams/ngrams.js';

/** Which n-grams of their characters words have, and how many vectors these share. */
export interface Subwords {
  /** Characters of the shortest n-gram, at least 1. */
  readonly shortest: number;
  /** Characters of the longest one, at least as many. */
  readonly longest: number;
  /** At least 1. */
  readonly buckets: number;
}

/** What stands before and behind a word in its n-grams, so that a beginning is told from a middle. */
const [begin, end] = ['<', '>'];

/** Where the hashes of n-grams begin: models that are stored depend on it. */
const seed = 3;

/**
 * Characters of the longest word that has all its n-grams: so the tokens of a text bound its work. The corpora have none of a half of that.
 * Models that are stored depend on it.
 */
export const longestWholeWord = 1024;

/** Characters that have n-grams, marks among them: of a longer word those at its beginning. */
const mostCharacters = longestWholeWord + 2;

/**
 * The bucket of each n-gram of a word between its marks (Bojanowski et al. 2017, Section 3.2), the word itself among them where it is
 * no longer than they are: for every character, marks included, the n-grams that begin there, the shortest first. Characters are code
 * points. A word of more than 1,024 has those n-grams that lie in its mark and first 1,025. An n-gram that comes twice is there twice.
 * The bucket is the n-gram's MurmurHash3 of 32 bits, over its code points as units of 32 bits, modulo their count.
 */
export function bucketsOf(word: string, { shortest, longest, buckets }: Subwords): number[] {
  // Two code units a character at most: what is cut off here has no n-grams.
  const marked = begin + word.slice(0, 2 * mostCharacters) + end;
  const characters = codePointsOf(marked).subarray(0, mostCharacters);
  const hashes = runHashes(characters, { seed, min: shortest, max: longest });
  return Array.from(hashes, (hash) => hash % buckets);
}

/** How many n-grams a word has. */
export function subwordCount(word: string, { shortest, longest }: Subwords): number {
  return runCount(Math.min(codePointCount(word) + 2, mostCharacters), shortest, longest);
}
