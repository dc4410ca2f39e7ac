import { expect, test } from 'vitest';
import { TextCache } from '../../../../src/inspect/audit/text-cache.js';
import { Random } from '../../../../src/base/random.js';

test('reads a text once while there is room, and again when there was none', async () => {
  const reads: number[][] = [];
  // Each text has about 100,000 different shingles: twenty of them fill the cache.
  const text = (number: number) => {
    const random = new Random(number, 'long texts');
    return Array.from({ length: 100_000 }, () => String.fromCharCode(0x4e00 + random.below(20_000))).join('');
  };
  const cache = new TextCache((numbers) => {
    reads.push([...numbers]);
    return Promise.resolve(numbers.map(text));
  });
  const both = await cache.get([1, 2, 1]);
  expect([...both.keys()]).toEqual([1, 2]);
  expect(both.get(1)?.similarityTo(both.get(1) ?? fail(), 0.8)).toBe(1);
  expect(both.get(1)?.similarityTo(both.get(2) ?? fail(), 0.8)).toBeLessThan(0.8);
  await cache.get([2, 3]);
  for (let number = 4; number < 30; number++) await cache.get([number]);
  await cache.get([1]);
  expect(reads.slice(0, 2)).toEqual([[1, 2], [3]]);
  expect(reads.at(-1)).toEqual([1]);
});

function fail(): never {
  throw new Error('expected a text');
}
