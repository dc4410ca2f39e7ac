import { expect, it } from 'vitest';
import { Random } from '../../../src/base/random.js';
import { naturalIds, withNgrams } from '../../../src/text/natural-batch.js';

const subwords = { shortest: 2, longest: 3, buckets: 50 };

it('draws frequent words more often, between begin and end', () => {
  const ids = naturalIds(new Random(1, 'test'), [2, 3, 2000], 100);
  expect([...ids.subarray(0, 4), ids[4], ids[5], ids.at(-1)]).toEqual([1, 2, 1, ids[3], 2, 1, 2]);
  const words = [...ids.subarray(6, -1)];
  expect(words).toHaveLength(1998);
  expect([Math.min(...words), Math.max(...words)]).toEqual([3, 99]);
  const often = (id: number): number => words.filter((word) => word === id).length / words.length;
  // 1/n of the n-th: ln 2 / ln 98 and ln (3/2) / ln 98.
  expect(often(3)).toBeCloseTo(0.15, 1);
  expect(often(4)).toBeCloseTo(0.09, 1);
  expect(often(3)).toBeGreaterThan(often(4));
});

it('gives each different word its n-grams, the same ones wherever it stands, and begin and end none', () => {
  const batch = {
    ids: Int32Array.of(1, 40, 41, 2, 1, 41, 2),
    offsets: Int32Array.of(0, 4, 7),
    labels: Int32Array.of(0, 1),
  };
  const { ids, offsets, labels, words } = withNgrams(batch, subwords);
  expect({ ids, offsets, labels }).toEqual({ ...batch, ids: Int32Array.of(0, 1, 2, 3, 0, 2, 3) });
  expect(words.ids).toEqual(Int32Array.of(1, 40, 41, 2));
  const counts = Array.from(words.ids, (_, u) => (words.offsets[u + 1] ?? 0) - (words.offsets[u] ?? 0));
  expect([counts[0], counts[3]]).toEqual([0, 0]);
  expect(Math.min(counts[1] ?? 0, counts[2] ?? 0)).toBeGreaterThan(0);
  expect(words.buckets).toHaveLength(words.offsets[4] ?? 0);
  expect(
    withNgrams({ ...batch, ids: Int32Array.of(41, 40, 40, 40, 40, 40, 40) }, subwords).words.buckets,
  ).toEqual(Int32Array.from([...words.buckets.subarray(counts[1]), ...words.buckets.subarray(0, counts[1])]));
});
