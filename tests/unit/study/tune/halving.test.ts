import { expect, it } from 'vitest';
import {
  divisorsOf,
  largestRound,
  promoted,
  promotedOf,
  roundCost,
} from '../../../../src/study/tune/halving.js';

it('begins with a third of the epochs, but with one at least', () => {
  expect(divisorsOf(20)).toEqual([3, 1]);
  expect(divisorsOf(3)).toEqual([3, 1]);
  expect(divisorsOf(2)).toEqual([1]);
  expect(divisorsOf(1)).toEqual([1]);
});

it('lets a third go on, and one at least', () => {
  expect([1, 2, 3, 4, 9, 10].map(promotedOf)).toEqual([1, 1, 1, 2, 3, 4]);
});

it('lets those with the least loss go on, of equal ones the earlier, and failures last', () => {
  const losses = [0.5, Infinity, 0.2, 0.2, 0.1, 0.9, Infinity];
  const all = losses.map((_, place) => place);
  expect(promoted(all, (place) => losses[place] ?? 0)).toEqual([4, 2, 3]);
  expect(promoted([1, 6], (place) => losses[place] ?? 0)).toEqual([1]);
});

it('counts what a round costs, and finds the largest that is cheap enough', () => {
  // 9 for a third, 3 of them for the other two.
  expect(roundCost(9, [3, 1])).toBeCloseTo(3 + 2, 12);
  expect(roundCost(8, [4, 2, 1])).toBeCloseTo(2 + 3 / 4 + 1 / 2, 12);
  expect(roundCost(4, [1])).toBe(4);
  expect(roundCost(0, [3, 1])).toBe(0);
  expect(largestRound(0.99, [3, 1])).toBe(0);
  for (const trainings of [1, 3.7, 25, 400]) {
    const count = largestRound(trainings, [3, 1]);
    expect(roundCost(count, [3, 1])).toBeLessThanOrEqual(trainings);
    expect(roundCost(count + 1, [3, 1])).toBeGreaterThan(trainings);
  }
});
