import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pairedPermutationTest, unpairedPermutationTest } from '../../../src/statistics/permutation-test.js';
import { advError, forAll } from '../support.js';
import { expectNear, golden } from './golden.js';

interface Exact {
  readonly a: number[];
  readonly b: number[];
  readonly meanDifference: number;
  readonly p: number;
  readonly permutations: number;
}

interface Drawn {
  readonly a: number[];
  readonly b: number[];
  readonly seed: number;
  readonly drawn: number;
  readonly p: number;
}

const { paired, unpaired, randomPaired, randomUnpaired } = golden('permutation_test') as {
  paired: Exact[];
  unpaired: Exact[];
  randomPaired: Drawn[];
  randomUnpaired: Drawn[];
};
const exact = [
  ...paired.map((known) => [pairedPermutationTest, known] as const),
  ...unpaired.map((known) => [unpairedPermutationTest, known] as const),
];
const drawn = [
  ...randomPaired.map((known) => [pairedPermutationTest, known] as const),
  ...randomUnpaired.map((known) => [unpairedPermutationTest, known] as const),
];

it.each(exact)('%o looks at all permutations as scipy does', (test, { a, b, ...known }) => {
  const result = test(a, b);
  expect(result).toMatchObject({ method: 'exact', permutations: known.permutations });
  expect(result.meanDifference).toBeCloseTo(known.meanDifference, 14);
  expectNear(result.p, known.p);
});

it.each(drawn)('%o draws permutations as numpy does', (test, { a, b, seed, drawn: permutations, p }) => {
  const result = test(a, b, { seed, permutations });
  expect(result).toMatchObject({ method: 'monte-carlo', permutations });
  expectNear(result.p, p);
});

it('says whose losses are lower', () => {
  const [low, high] = [
    [1, 2, 3, 4, 5, 6],
    [2, 3.5, 4, 5, 6, 7.5],
  ];
  expect(pairedPermutationTest(low, high)).toMatchObject({ p: 2 / 64, better: 'a' });
  expect(pairedPermutationTest(high, low)).toMatchObject({ p: 2 / 64, better: 'b' });
  // Five pairs that all agree give 1/16.
  expect(pairedPermutationTest(low.slice(1), high.slice(1))).toMatchObject({ p: 2 / 32, better: 'neither' });
  expect(unpairedPermutationTest([1, 2, 3, 4], [11, 12, 13, 14])).toMatchObject({ p: 2 / 70, better: 'a' });
  expect(unpairedPermutationTest([5], [7]).p).toBe(1);
});

it('never gives 0, however far apart the two are', () => {
  const a = Array.from({ length: 40 }, (_, seed) => seed);
  const b = a.map((value) => value + 100);
  expectNear(pairedPermutationTest(a, b, { permutations: 999 }).p, 2 / 1000);
  expectNear(unpairedPermutationTest(a, b, { permutations: 999 }).p, 2 / 1000);
});

it('draws the same for the same seed, and near the exact p for another', () => {
  const a = [0.61, 0.55, 0.6, 0.72, 0.58, 0.66, 0.6, 0.63, 0.57, 0.7];
  const b = [0.55, 0.57, 0.5, 0.69, 0.6, 0.6, 0.54, 0.6, 0.5, 0.66];
  for (const test of [pairedPermutationTest, unpairedPermutationTest]) {
    const { p } = test(a, b, { permutations: 200_000 });
    const one = test(a, b, { permutations: 1000, seed: 2 });
    expect(one.method).toBe('monte-carlo');
    expect(test(a, b, { permutations: 1000, seed: 2 })).toEqual(one);
    expect(test(a, b, { permutations: 1000, seed: 3 })).not.toEqual(one);
    // Four standard errors of 1000 draws.
    expect(Math.abs(one.p - p)).toBeLessThan(4 * 2 * Math.sqrt(p / 2 / 1000) + 0.002);
  }
});

const losses = fc.integer({ min: 0, max: 40 }).map((hundredths) => hundredths / 100);

it('has p in (0, 1], turns round when the two are exchanged and does not depend on the order of pairs', async () => {
  const pairs = fc.array(fc.tuple(losses, losses), { minLength: 2, maxLength: 9 });
  await forAll([pairs], { numRuns: 60 }).check((all) => {
    const [a, b] = [all.map(([one]) => one), all.map(([, other]) => other)];
    for (const test of [pairedPermutationTest, unpairedPermutationTest]) {
      const [one, other, turned] = [test(a, b), test(b, a), test(a.toReversed(), b.toReversed())];
      expect(one.p).toBeGreaterThan(0);
      expect(one.p).toBeLessThanOrEqual(1);
      expectNear(other.p, one.p);
      expectNear(turned.p, one.p);
      expect(other.meanDifference + one.meanDifference).toBeCloseTo(0, 14);
      expect(other.better).toBe(one.better === 'a' ? 'b' : one.better === 'b' ? 'a' : 'neither');
    }
  });
});

it('sees sums that only rounding tells apart as the same', () => {
  // Every difference is ±0.1 on paper: 22 of 64 sign changes have a sum of at least 0.2 or more in size.
  const result = pairedPermutationTest([0.7, 0.6, 0.8, 0.9, 1.7, 0.1], [0.6, 0.5, 0.9, 0.8, 1.6, 0.2]);
  expectNear(result.p, 2 * (22 / 64));
});

it.each([
  ['other lengths', pairedPermutationTest, [1, 2, 3], [1, 2], 'got 3 and 2'],
  ['one pair', pairedPermutationTest, [1], [2], 'at least 2 pairs, got 1'],
  ['NaN', pairedPermutationTest, [1, Number.NaN], [1, 2], 'got NaN at a[1]'],
  ['an empty group', unpairedPermutationTest, [1], [], 'at least 1 of b, got 0'],
  ['infinity', unpairedPermutationTest, [1, 2], [Infinity], 'got Infinity at b[0]'],
  ['what overflows', unpairedPermutationTest, [1e308, 1e308], [1], 'whose sum is not a finite number'],
])('refuses %s', (_, test, a, b, message) => {
  expect(() => test(a, b)).toThrow(advError('USAGE', message, /^/));
});

it('refuses options that are none', () => {
  expect(() => pairedPermutationTest([1, 2], [3, 4], { permutations: 10 })).toThrow(
    advError('USAGE', 'permutations: expected an integer from 100', /^/),
  );
});
