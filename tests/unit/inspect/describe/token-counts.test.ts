import { describe, expect, test } from 'vitest';
import { richness } from '../../../../src/inspect/describe/richness.js';
import { TokenCounts, unknownShare } from '../../../../src/inspect/describe/token-counts.js';
import { rankCurve, zipfExponent } from '../../../../src/inspect/describe/zipf.js';
import { Random } from '../../../../src/base/random.js';

function counted(...tokens: readonly string[]): TokenCounts {
  const counts = new TokenCounts();
  counts.add(tokens);
  return counts;
}

describe('TokenCounts', () => {
  test('counts tokens, types and frequencies', () => {
    const counts = counted('b', 'a', 'b', 'c', 'b', 'a');
    expect([counts.total, counts.types]).toEqual([6, 3]);
    expect([...counts.frequencies()]).toEqual([3, 2, 1]);
  });

  test('names the most frequent, equal ones by code point', () => {
    expect(counted('b', 'a', 'c', 'c', 'd').mostFrequent(3)).toEqual([
      { token: 'c', count: 2 },
      { token: 'a', count: 1 },
      { token: 'b', count: 1 },
    ]);
    expect(counted('a').mostFrequent(3)).toHaveLength(1);
    expect(counted().mostFrequent(3)).toEqual([]);
  });

  test('says what training data lacks', () => {
    // c, c, c and d of six tokens; c and d of three types.
    expect(unknownShare(counted('a', 'b'), counted('a', 'a', 'c', 'c', 'c', 'd'))).toEqual({
      tokens: 4 / 6,
      types: 2 / 3,
    });
    expect(unknownShare(counted('a'), counted())).toEqual({ tokens: 0, types: 0 });
  });
});

test('richness is what its formulas say', () => {
  // Counts 3 and 1: N = 4, Σ f² = 10, K = 10⁴ · 6 / 16.
  expect(richness(Float64Array.of(3, 1))).toEqual({ typeTokenRatio: 0.5, yuleK: 3750, onceShare: 0.5 });
  expect(richness(Float64Array.of(1, 1, 1)).yuleK).toBe(0);
});

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
