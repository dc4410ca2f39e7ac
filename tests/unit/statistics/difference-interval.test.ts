import { expect, it } from 'vitest';
import { differenceInterval } from '../../../src/statistics/difference-interval.js';
import { expectAllNear, expectNear, golden } from './golden.js';

const { cases } = golden('difference_interval') as {
  cases: { a: number[]; b: number[]; bMinusA: number; ci95: number[] }[];
};

it.each(cases)('agrees with scipy', ({ a, b, bMinusA, ci95 }) => {
  const result = differenceInterval(a, b);
  expectNear(result.bMinusA, bMinusA);
  expectAllNear(result.ci95 ?? [], ci95);
});

it('of groups that change places is the same with the other sign', () => {
  const { bMinusA, ci95 } = differenceInterval([1, 2, 4], [3, 9]);
  const turned = differenceInterval([3, 9], [1, 2, 4]);
  expect(turned.bMinusA).toBe(-bMinusA);
  expectAllNear(turned.ci95 ?? [], (ci95 ?? []).map((bound) => -bound).toReversed());
});

it('has no interval where a group has one value, and none of any width where nothing varies', () => {
  expect(differenceInterval([1], [3, 9])).toEqual({ bMinusA: 5, ci95: null });
  expect(differenceInterval([1, 1], [3, 3])).toEqual({ bMinusA: 2, ci95: [2, 2] });
});

it('refuses what has no mean', () => {
  expect(() => differenceInterval([], [1])).toThrow(/at least 1/u);
  expect(() => differenceInterval([1], [Number.NaN])).toThrow(/finite/u);
});
