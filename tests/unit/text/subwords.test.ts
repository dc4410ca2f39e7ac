import fc from 'fast-check';
import { expect, test } from 'vitest';
import { carriedOn, finished } from '../../../src/text/ngrams/murmur.js';
import { bucketsOf, longestWholeWord, subwordCount } from '../../../src/text/subwords.js';
import { anyText, forAll } from '../support.js';

/** The n-grams by their definition, as strings. */
function subwordsOf(word: string, shortest: number, longest: number): string[] {
  const characters = Array.from(`<${word}>`);
  const list: string[] = [];
  for (let first = 0; first < characters.length; first++) {
    for (let size = shortest; size <= longest && first + size <= characters.length; size++) {
      list.push(characters.slice(first, first + size).join(''));
    }
  }
  return list;
}

function bucketOf(ngram: string, buckets: number): number {
  const units = Array.from(ngram, (character) => character.codePointAt(0) ?? 0);
  return finished(units.reduce(carriedOn, 3), units.length) % buckets;
}

test('a word has the n-grams of its characters between marks', () => {
  const how = { shortest: 2, longest: 3, buckets: 1000 };
  const ngrams = ['<a', '<aa', 'aa', 'aa>', 'a>'];
  expect(bucketsOf('aa', how)).toEqual(ngrams.map((ngram) => bucketOf(ngram, 1000)));
  expect(bucketsOf('', how)).toEqual([bucketOf('<>', 1000)]);
  expect(bucketsOf('a', { ...how, shortest: 4, longest: 9 })).toEqual([]);
});

test('the buckets are always the same: models that are stored depend on them', () => {
  expect(bucketsOf('č😀', { shortest: 1, longest: 4, buckets: 2 ** 31 - 1 })).toEqual([
    166871914, 7002620, 1215509403, 144007704, 1217409467, 1692280414, 572253506, 1093705962, 149020470,
    1195917423,
  ]);
});

test('any word has the buckets of the definition, as many as are counted', async () => {
  const words = anyText.map((text) => text.toWellFormed());
  await forAll([words, fc.integer({ min: 1, max: 6 }), fc.nat(5), fc.integer({ min: 1, max: 3000 })]).check(
    (word, shortest, more, buckets) => {
      const how = { shortest, longest: shortest + more, buckets };
      const expected = subwordsOf(word, shortest, how.longest).map((ngram) => bucketOf(ngram, buckets));
      expect(bucketsOf(word, how)).toEqual(expected);
      expect(subwordCount(word, how)).toBe(expected.length);
    },
  );
});

test.each([['a'], ['č'], ['😀']])(
  'a word of 1,024 %s has all n-grams, a longer one those of its beginning',
  (letter) => {
    expect(longestWholeWord).toBe(1024);
    const how = { shortest: 2, longest: 4, buckets: 100_000 };
    const bucketsOfFirst = (word: string, characters: number): number[] =>
      subwordsOf(word, 2, 4)
        .slice(0, 3 * characters)
        .map((ngram) => bucketOf(ngram, how.buckets));
    const whole = `${letter.repeat(1022)}yz`;
    expect(bucketsOf(whole, how)).toEqual(
      subwordsOf(whole, 2, 4).map((ngram) => bucketOf(ngram, how.buckets)),
    );
    const longer = `${whole}!`;
    const ofLonger = bucketsOf(longer, how);
    expect(ofLonger).toHaveLength(bucketsOf(whole, how).length);
    // All n-grams that begin in the mark or the first 1,022, and what is left within 1,025 characters.
    expect(ofLonger.slice(0, -3)).toEqual(bucketsOfFirst(longer, 1023));
    expect(ofLonger.slice(-3)).toEqual(['yz', 'yz!', 'z!'].map((ngram) => bucketOf(ngram, how.buckets)));
    for (const more of ['x', '😀', 'x'.repeat(5000), '😀'.repeat(5000)]) {
      expect(bucketsOf(longer + more, how)).toEqual(ofLonger);
      expect(subwordCount(longer + more, how)).toBe(ofLonger.length);
    }
    expect(subwordCount(whole, how)).toBe(ofLonger.length);
  },
);
