import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bandCount,
  chanceOfSharedBand,
  leastCommonMinima,
  minimaCount,
  MinHash,
} from '../../../../src/inspect/audit/min-hash.js';
import { Sketches } from '../../../../src/inspect/audit/sketches.js';
import { Random } from '../../../../src/base/random.js';
import { forAll } from '../../support.js';

const minHash = new MinHash();

/** Two sets of random members with a given Jaccard similarity: `common` of `common + 2 · own`. */
function pairOf(random: Random, common: number, own: number): [Int32Array, Int32Array] {
  const draw = (count: number) => Array.from({ length: count }, () => random.below(2 ** 32) | 0);
  const both = draw(common);
  return [Int32Array.from([...both, ...draw(own)]), Int32Array.from([...both, ...draw(own)])];
}

function common(a: Int32Array | undefined, b: Int32Array | undefined): number {
  const sketches = new Sketches();
  sketches.add(a);
  sketches.add(b);
  return sketches.commonMinima(0, 1);
}

describe('MinHash', () => {
  test.each([
    [200, 0],
    [180, 10],
    [160, 20],
    [100, 50],
    [20, 90],
    [0, 100],
  ])('estimates the similarity of sets with %i common and %i own members', (shared, own) => {
    const random = new Random(1, 'pairs', shared);
    const similarity = shared / (shared + 2 * own);
    const agreement = similarity + (1 - similarity) / 64;
    const deviation = Math.sqrt((agreement * (1 - agreement)) / minimaCount);
    const estimates = Array.from({ length: 300 }, () => {
      const [a, b] = pairOf(random, shared, own);
      return common(minHash.sketch(a), minHash.sketch(b)) / minimaCount;
    });
    for (const estimate of estimates) {
      expect(Math.abs(estimate - agreement)).toBeLessThanOrEqual(5 * deviation);
    }
    const mean = estimates.reduce((sum, estimate) => sum + estimate, 0) / estimates.length;
    expect(Math.abs(mean - agreement)).toBeLessThanOrEqual((4 * deviation) / Math.sqrt(300) + 1e-12);
  });

  test('depends on the set alone, not on order or repetition', () => {
    const set = Int32Array.of(5, -7, 1 << 30, 99);
    expect(minHash.sketch(Int32Array.of(99, 5, 5, 1 << 30, -7, 99))).toEqual(minHash.sketch(set));
    expect(new MinHash().sketch(set)).toEqual(minHash.sketch(set));
    expect(minHash.sketch(new Int32Array())).toBeUndefined();
  });
});

test('Sketches count equal groups of six bits', async () => {
  const word = fc.nat(2 ** 30 - 1);
  const sketch = fc.array(word, { minLength: bandCount, maxLength: bandCount });
  await forAll([sketch, sketch, fc.array(fc.nat(79))]).check((a, b, made) => {
    // Random words have nothing in common: some minima are made equal.
    const other = [...b];
    for (const place of made) {
      const [band, mask] = [Math.floor(place / 5), 63 << (6 * (place % 5))];
      other[band] = ((other[band] ?? 0) & ~mask) | ((a[band] ?? 0) & mask);
    }
    let expected = 0;
    for (let band = 0; band < bandCount; band++) {
      for (let shift = 0; shift < 30; shift += 6) {
        if ((((a[band] ?? 0) >>> shift) & 63) === (((other[band] ?? 0) >>> shift) & 63)) expected += 1;
      }
    }
    expect(common(Int32Array.from(a), Int32Array.from(other))).toBe(expected);
  });
});

describe('the chance to find a pair', () => {
  test('is what the documentation promises', () => {
    expect(chanceOfSharedBand(0.8)).toBeGreaterThan(0.998);
    expect(chanceOfSharedBand(0.9)).toBeGreaterThan(0.99999);
    expect(chanceOfSharedBand(0.7)).toBeGreaterThan(0.95);
    expect(chanceOfSharedBand(0.1)).toBeLessThan(0.001);
    expect(chanceOfSharedBand(1)).toBe(1);
  });

  test('is lost to the estimate less than once in a thousand times', () => {
    for (const threshold of [0.7, 0.8, 0.9, 1]) {
      const agreement = threshold + (1 - threshold) / 64;
      const least = leastCommonMinima(threshold);
      // The lower tail of the binomial distribution, summed from its terms.
      let term = (1 - agreement) ** minimaCount;
      let tail = 0;
      for (let agreeing = 0; agreeing < least; agreeing++) {
        tail += term;
        term *= ((minimaCount - agreeing) / (agreeing + 1)) * (agreement / (1 - agreement));
      }
      expect(threshold === 1 ? 0 : tail).toBeLessThan(1 / 1000);
      expect(least).toBeGreaterThan(minimaCount * (threshold - 0.25));
    }
    expect(leastCommonMinima(1)).toBe(minimaCount);
  });
});
