import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IntegerCounts } from '../../../src/statistics/distribution.js';
import { forAll } from '../support.js';

function distributionOf(values: readonly number[]) {
  const counts = new IntegerCounts();
  for (const value of values) counts.add(value);
  return counts.distribution();
}

test('gives mean, deviation and quantiles', () => {
  const { mean, deviation, least, most, quantiles } = distributionOf([4, 1, 3, 2]);
  expect({ mean, least, most }).toEqual({ mean: 2.5, least: 1, most: 4 });
  expect(deviation).toBeCloseTo(Math.sqrt(1.25), 12);
  // numpy.quantile([1, 2, 3, 4], q): a quarter of the way from the first to the last is 1.75.
  expect(quantiles).toMatchObject({ p25: 1.75, median: 2.5, p75: 3.25 });
  expect(quantiles.p95).toBeCloseTo(3.85, 12);
});

test('counts sums and values above a bound', () => {
  const counts = new IntegerCounts();
  for (const value of [5, 5, 9, 10]) counts.add(value);
  expect([counts.total, counts.sum, counts.above(5), counts.above(4), counts.above(10)]).toEqual([
    4, 29, 2, 4, 0,
  ]);
});

test('interpolates between neighbours of the sorted values', async () => {
  await forAll([fc.array(fc.nat(200), { minLength: 1, maxLength: 60 })]).check((values) => {
    const sorted = values.toSorted((a, b) => a - b);
    const place = 0.05 * (sorted.length - 1);
    const [lower = 0, upper = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    const expected = lower + (place - Math.floor(place)) * (upper - lower);
    expect(distributionOf(values).quantiles.p5).toBeCloseTo(expected, 9);
  });
});

test('draws bars that hold every value once', async () => {
  await forAll([fc.array(fc.nat(5000), { minLength: 1, maxLength: 80 })]).check((values) => {
    const { histogram } = distributionOf(values);
    for (const { from, to, count } of histogram) {
      expect(count).toBe(values.filter((value) => value >= from && value < (to ?? Infinity)).length);
    }
    expect(histogram.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
    expect(histogram.length).toBeLessThanOrEqual(42);
    expect(histogram.slice(1).map(({ from }) => from)).toEqual(histogram.slice(0, -1).map(({ to }) => to));
  });
});

test('keeps few very long texts from flattening the others', () => {
  const { histogram } = distributionOf([...Array.from({ length: 999 }, (_, n) => n % 50), 10_000]);
  expect(histogram.at(-1)).toMatchObject({ to: null, count: 1 });
  expect(histogram.at(-1)?.from).toBeLessThanOrEqual(120);
});
