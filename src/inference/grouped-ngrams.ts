import { at } from '../base/at.js';
import type { NativeWords } from '../engine/addon.js';

/** N-grams of a group. Most words have 10 to 40: larger groups would be filled up by more than they save. */
export const groupLength = 8;

/** The n-grams of words, groups of 8 that are each of one word. */
export interface GroupedNgrams {
  readonly buckets: BigInt64Array;
  /** Place of its word. */
  readonly words: BigInt64Array;
  /** One over the number of n-grams of its word; 0 where nothing but fills a group up. */
  readonly shares: Float32Array;
}

/** The n-grams of words in groups, so that a graph adds up a group at a time. */
export function groupedNgrams({ offsets, buckets }: Pick<NativeWords, 'offsets' | 'buckets'>): GroupedNgrams {
  const countOf = (word: number): number => at(offsets, word + 1) - at(offsets, word);
  const placesOf = (word: number): number => Math.ceil(countOf(word) / groupLength) * groupLength;
  const count = offsets.length - 1;
  let length = 0;
  for (let word = 0; word < count; word++) length += placesOf(word);
  const grouped = {
    buckets: new BigInt64Array(length),
    words: new BigInt64Array(length),
    shares: new Float32Array(length),
  };
  let place = 0;
  for (let word = 0; word < count; word++) {
    const [begin, ngrams] = [at(offsets, word), countOf(word)];
    for (let one = 0; one < ngrams; one++) grouped.buckets[place + one] = BigInt(at(buckets, begin + one));
    const end = place + placesOf(word);
    grouped.words.fill(BigInt(word), place, end);
    grouped.shares.fill(1 / ngrams, place, place + ngrams);
    place = end;
  }
  return grouped;
}
