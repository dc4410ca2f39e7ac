import fc from 'fast-check';
import { expect, it } from 'vitest';
import { meanInterval } from '../../../src/statistics/mean-interval.js';
import { advError, forAll } from '../support.js';
import { expectAllNear, expectNear, golden } from './golden.js';

const { cases } = golden('mean_interval') as {
  cases: { values: number[]; mean: number; standardDeviation: number; ci95: number[] }[];
};

it.each(cases)('agrees with scipy', ({ values, mean, standardDeviation, ci95 }) => {
  const result = meanInterval(values);
  expect(result.n).toBe(values.length);
  expectNear(result.mean, mean);
  expectNear(result.standardDeviation ?? Number.NaN, standardDeviation);
  expectAllNear(result.ci95 ?? [], ci95);
});

it('of one seed tells the mean alone', () => {
  expect(meanInterval([0.7])).toEqual({ n: 1, mean: 0.7, standardDeviation: null, ci95: null });
});

it('of equal values has an interval without width', () => {
  expect(meanInterval([2, 2, 2])).toEqual({ n: 3, mean: 2, standardDeviation: 0, ci95: [2, 2] });
});

it('has its mean in the middle, moves with the values and does not depend on their order', async () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 30 });
  await forAll([values, fc.integer({ min: -1000, max: 1000 })]).check((numbers, shift) => {
    const { mean, ci95 } = meanInterval(numbers);
    const [low, high] = ci95 ?? [Number.NaN, Number.NaN];
    expect(low).toBeLessThanOrEqual(mean);
    expect(mean).toBeLessThanOrEqual(high);
    expect((low + high) / 2).toBeCloseTo(mean, 9);
    const moved = meanInterval(numbers.map((number) => number + shift).toReversed());
    expect(moved.mean - shift).toBeCloseTo(mean, 9);
    expect(moved.ci95?.[1]).toBeCloseTo(high + shift, 9);
  });
});

it.each([
  ['no value', [], 'at least 1 of values, got 0'],
  ['NaN', [1, Number.NaN], 'got NaN at values[1]'],
  ['a variance that overflows', [1e200, -1e200], 'too large'],
])('refuses %s', (_, values, message) => {
  expect(() => meanInterval(values)).toThrow(advError('USAGE', message, /^/));
});
