import { expect, it } from 'vitest';
import { median } from '../../../src/statistics/median.js';

it('is the middle number, or the mean of the two middle ones', () => {
  expect(median([5])).toBe(5);
  expect(median([10, 9, 100])).toBe(10);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

it('leaves the numbers as they were and refuses none', () => {
  const numbers = [3, 1, 2];
  median(numbers);
  expect(numbers).toEqual([3, 1, 2]);
  expect(() => median([])).toThrow(/at least one number/);
});
