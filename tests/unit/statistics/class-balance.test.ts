import { expect, test } from 'vitest';
import { ClassCounts, normalisedEntropy } from '../../../src/statistics/class-balance.js';

test('counts every class of the dataset, those that the split lacks too', () => {
  const counts = new ClassCounts(['a', 'b', 'c']);
  for (const label of ['a', 'c', 'a']) counts.add(label);
  expect(counts.balance().counts).toEqual([
    { label: 'a', count: 2 },
    { label: 'b', count: 0 },
    { label: 'c', count: 1 },
  ]);
});

test('normalises the entropy by that of equal shares', () => {
  expect(normalisedEntropy([5, 5, 5])).toBeCloseTo(1, 12);
  expect(normalisedEntropy([7, 0])).toBe(0);
  // −(¾ ln ¾ + ¼ ln ¼) / ln 2
  expect(normalisedEntropy([3, 1])).toBeCloseTo(0.8112781245, 9);
  // Two equal classes of four: ln 2 / ln 4.
  expect(normalisedEntropy([1, 1, 0, 0])).toBeCloseTo(0.5, 12);
  expect(normalisedEntropy([4])).toBe(1);
  expect(normalisedEntropy([0, 0])).toBe(0);
});
