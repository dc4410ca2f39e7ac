import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logScale } from '../../../../src/report/charts/log-scale.js';
import { forAll } from '../../support.js';

it('marks 1, 2 and 5 times powers of ten on a short axis, and powers of ten on a long one', () => {
  expect(logScale([60_000, 9939])).toEqual({ domain: [5000, 100_000], marks: [5e3, 1e4, 2e4, 5e4, 1e5] });
  expect(logScale([1, 308]).marks).toEqual([1, 2, 5, 10, 20, 50, 100, 200, 500]);
  expect(logScale([1, 17_790])).toEqual({ domain: [1, 20_000], marks: [1, 10, 100, 1000, 10_000] });
});

it('makes an axis of a single value', () => {
  expect(logScale([1])).toEqual({ domain: [1, 2], marks: [1, 2] });
  expect(logScale([10])).toEqual({ domain: [10, 20], marks: [10, 20] });
});

it('holds all values, with at least two marks', async () => {
  const value = fc.double({ min: 1e-3, max: 1e12, noNaN: true });
  await forAll([fc.array(value, { minLength: 1, maxLength: 9 })]).check((values) => {
    const { domain, marks } = logScale(values);
    expect(domain[0]).toBeLessThanOrEqual(Math.min(...values));
    expect(domain[1]).toBeGreaterThanOrEqual(Math.max(...values));
    expect(marks.length).toBeGreaterThanOrEqual(2);
    expect(marks.filter((mark) => mark < domain[0] || mark > domain[1])).toEqual([]);
  });
});
