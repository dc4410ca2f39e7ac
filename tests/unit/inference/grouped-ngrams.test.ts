import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupedNgrams, groupLength } from '../../../src/inference/grouped-ngrams.js';
import { packTexts } from '../../../src/text/packed.js';
import { forAll } from '../support.js';

it('fills the last group of each word up with shares of 0, and a word without n-grams has no group', () => {
  const { ids: buckets, offsets } = packTexts([[5, 7], [], [1, 2, 3, 4, 5, 6, 7, 8, 9]]);
  expect(groupedNgrams({ buckets, offsets })).toEqual({
    buckets: BigInt64Array.of(
      ...[5n, 7n, 0n, 0n, 0n, 0n, 0n, 0n],
      ...[1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n],
      ...[9n, 0n, 0n, 0n, 0n, 0n, 0n, 0n],
    ),
    words: BigInt64Array.from({ length: 24 }, (_, place) => (place < 8 ? 0n : 2n)),
    shares: Float32Array.from({ length: 24 }, (_, place) => {
      if (place < 2) return 1 / 2;
      return place >= 8 && place < 17 ? 1 / 9 : 0;
    }),
  });
});

it('has every n-gram of any words with its share, in groups of one word', async () => {
  const words = fc.array(fc.array(fc.nat(99), { maxLength: 30 }), { maxLength: 9 });
  await forAll([words]).check((all) => {
    const { ids, offsets } = packTexts(all);
    const { buckets, words: owners, shares } = groupedNgrams({ buckets: ids, offsets });
    const kept = [...buckets].flatMap((bucket, place) => ((shares[place] ?? 0) > 0 ? [Number(bucket)] : []));
    expect(kept).toEqual(all.flat());
    expect(buckets.length % groupLength).toBe(0);
    owners.forEach((word, place) => {
      expect(word).toBe(owners[place - (place % groupLength)]);
    });
    all.forEach((ngrams, word) => {
      const ofWord = shares.filter((_, place) => owners[place] === BigInt(word));
      expect(ofWord.reduce((sum, share) => sum + share, 0)).toBeCloseTo(ngrams.length === 0 ? 0 : 1, 6);
    });
  });
});
