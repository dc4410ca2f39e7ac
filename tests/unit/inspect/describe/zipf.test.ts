import { describe, expect, test } from 'vitest';
import { rankCurve, zipfExponent } from '../../../../src/inspect/describe/zipf.js';
import { Random } from '../../../../src/base/random.js';

describe('zipfExponent', () => {
  test('is exact on exact frequencies', () => {
    // Two ranks with twice the frequency: 2^−s = ½.
    expect(zipfExponent(Float64Array.of(2, 1))).toBeCloseTo(1, 9);
    expect(zipfExponent(Float64Array.of(5, 5, 5))).toBeCloseTo(0, 9);
    const frequencies = Float64Array.from({ length: 300 }, (_, place) => 1000 * (place + 1) ** -1.37);
    expect(zipfExponent(frequencies)).toBeCloseTo(1.37, 9);
  });

  test('is undefined for a single rank', () => {
    expect(zipfExponent(Float64Array.of(9))).toBeUndefined();
  });

  test.each([0.8, 1, 1.4])('finds the exponent %f of a sample', (exponent) => {
    const types = 500;
    const weights = Array.from({ length: types }, (_, place) => (place + 1) ** -exponent);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let below = 0;
    const bounds = weights.map((weight) => (below += weight / total));
    const random = new Random(7, 'zipf');
    const counts = new Float64Array(types);
    for (let draw = 0; draw < 200_000; draw++) {
      const share = random.below(2 ** 32) / 2 ** 32;
      const place = bounds.findIndex((bound) => share < bound);
      counts[place] = (counts[place] ?? 0) + 1;
    }
    const frequencies = counts
      .filter((count) => count > 0)
      .sort()
      .reverse();
    expect(Math.abs((zipfExponent(frequencies) ?? 0) - exponent)).toBeLessThan(0.02);
  });
});

test('rankCurve has first and last rank, and each rank once', () => {
  const frequencies = Float64Array.from({ length: 1000 }, (_, place) => 1000 - place);
  const curve = rankCurve(frequencies, 50);
  expect(curve[0]).toEqual({ rank: 1, frequency: 1000 });
  expect(curve.at(-1)).toEqual({ rank: 1000, frequency: 1 });
  expect(new Set(curve.map(({ rank }) => rank)).size).toBe(curve.length);
  expect(curve.every(({ rank, frequency }) => frequency === 1001 - rank)).toBe(true);
  expect(rankCurve(Float64Array.of(3), 50)).toEqual([{ rank: 1, frequency: 3 }]);
});
