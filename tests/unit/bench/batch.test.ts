import { expect, it } from 'vitest';
import { cutBatch, longestText, makeBatch } from '../../../src/bench/batch.js';
import { configurationsOf } from '../../../src/bench/configurations.js';
import { tiny } from './fixtures.js';

it('is the same batch every time, another one for another configuration', () => {
  expect(makeBatch(tiny)).toEqual(makeBatch(tiny));
  expect(makeBatch({ ...tiny, name: 'other' }).ids).not.toEqual(makeBatch(tiny).ids);
});

it('draws lengths between the shortest and the longest, both included, and ids and labels in range', () => {
  const { ids, offsets, labels } = makeBatch({ ...tiny, B: 300, T: [2, 5] });
  const lengths = Array.from(labels, (_, b) => (offsets[b + 1] ?? 0) - (offsets[b] ?? 0));
  expect([...new Set(lengths)].sort()).toEqual([2, 3, 4, 5]);
  expect(offsets[300]).toBe(ids.length);
  expect([Math.min(...ids), Math.max(...ids)]).toEqual([0, tiny.V - 1]);
  expect([Math.min(...labels), Math.max(...labels)]).toEqual([0, tiny.C - 1]);
});

it('cuts every text to its first tokens', () => {
  const batch = {
    ids: Int32Array.of(1, 2, 3, 4, 5, 6, 7),
    offsets: Int32Array.of(0, 3, 7),
    labels: Int32Array.of(0, 1),
  };
  expect(cutBatch(batch, 2)).toEqual({
    ids: Int32Array.of(1, 2, 4, 5),
    offsets: Int32Array.of(0, 2, 4),
    labels: batch.labels,
  });
  expect(longestText(batch)).toBe(4);
});

/** Means of an epoch's batches of `train --preset best`: tokens, different words, their n-grams, the buckets they fall into. */
it.each([
  ['best-dsl', { N: 1396, U: 848, K: 19_277, buckets: 9651 }],
  ['best-posts', { N: 468, U: 261, K: 4610, buckets: 2916 }],
])('has with %s about as many of all as the data itself', (name, data) => {
  const configuration = configurationsOf('gru').find((each) => each.name === name);
  if (configuration === undefined) throw new Error(`no configuration ${name}`);
  const { ids, words } = makeBatch(configuration);
  if (words === undefined) throw new Error('expected words');
  const { buckets } = words;
  const batch = { N: ids.length, U: words.ids.length, K: buckets.length, buckets: new Set(buckets).size };
  for (const count of ['N', 'U', 'K', 'buckets'] as const) {
    expect(Math.abs(batch[count] / data[count] - 1), count).toBeLessThan(0.15);
  }
});
