import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pairedTTest, type PairedTTest } from '../../../src/statistics/paired-t-test.js';
import { advError, forAll } from '../support.js';
import { expectAllNear, expectNear, golden } from './golden.js';

type Known = Pick<PairedTTest, 'meanDifference' | 't' | 'p' | 'ci95' | 'cohensDz'>;
const { cases, testSet } = golden('paired_t_test') as {
  cases: (Known & { a: number[]; b: number[] })[];
  testSet: Known;
};

/** Hours of extra sleep with two drugs (Student 1908), R's data set `sleep`. */
const sleep = {
  a: [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
  b: [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
};

const losses = (factor: number, cycle: number, scale: number) =>
  Float64Array.from({ length: 14_000 }, (_, example) => ((factor * example) % cycle) / scale);
const examples = { a: losses(7919, 1009, 1009), b: losses(104_729, 997, 990), ...testSet };

it.each([...cases, examples])('agrees with scipy on $a.length pairs', ({ a, b, ...known }) => {
  const result = pairedTTest(a, b);
  expectNear(result.meanDifference, known.meanDifference);
  expectNear(result.t, known.t);
  expectNear(result.p, known.p);
  expectAllNear(result.ci95, known.ci95);
  expectNear(result.cohensDz, known.cohensDz);
});

it('agrees with R on Student’s data', () => {
  const result = pairedTTest(sleep.a, sleep.b);
  expect(result.n).toBe(10);
  expect(result.df).toBe(9);
  expect(result.meanDifference).toBeCloseTo(-1.58, 14);
  expect(result.t).toBeCloseTo(-4.0621276834, 9);
  expect(result.p).toBeCloseTo(0.00283289, 8);
  expect(result.ci95[0]).toBeCloseTo(-2.4598858, 7);
  expect(result.ci95[1]).toBeCloseTo(-0.7001142, 7);
  expect(result.better).toBe('a');
});

it('agrees with a case worked out by hand', () => {
  // Differences 1, 2, 3: mean 2, deviation 1, t = 2√3, and with 2 degrees of freedom p = 1 − t/√(t² + 2).
  const result = pairedTTest([2, 4, 6], [1, 2, 3]);
  expect(result.t).toBeCloseTo(2 * Math.sqrt(3), 14);
  expect(result.cohensDz).toBeCloseTo(2, 14);
  expect(result.p).toBeCloseTo(1 - Math.sqrt(12 / 14), 14);
  // The quantile with 2 degrees of freedom: (2q − 1)·√2 / √(4q(1 − q)/2 · 2) at q = 0.975.
  const quantile = (0.95 * Math.SQRT2) / Math.sqrt(1 - 0.95 ** 2);
  expect(result.ci95[0]).toBeCloseTo(2 - quantile / Math.sqrt(3), 12);
  expect(result.ci95[1]).toBeCloseTo(2 + quantile / Math.sqrt(3), 12);
  expect(result.better).toBe('neither');
});

it('calls b better when its losses are lower', () => {
  expect(pairedTTest(sleep.b, sleep.a).better).toBe('b');
});

it('turns its signs when the two are exchanged', async () => {
  const loss = fc.double({ min: 0, max: 100, noNaN: true });
  await forAll([fc.array(fc.tuple(loss, loss), { minLength: 2, maxLength: 40 })]).check((pairs) => {
    const [a, b] = [pairs.map((pair) => pair[0]), pairs.map((pair) => pair[1])];
    const [one, other] = [pairedTTest(a, b), pairedTTest(b, a)];
    expect(other.t + one.t).toBe(0);
    expect(other.cohensDz + one.cohensDz).toBe(0);
    expect(other.p).toBe(one.p);
    expect(other.ci95[0] + one.ci95[1]).toBe(0);
    expect(one.p).toBeGreaterThanOrEqual(0);
    expect(one.p).toBeLessThanOrEqual(1);
    expect(one.ci95[0]).toBeLessThanOrEqual(one.meanDifference);
  });
});

it('takes typed arrays of the size of a test set', () => {
  const a = Float64Array.from({ length: 14_000 }, (_, index) => (index % 97) / 97);
  const b = a.map((loss, index) => loss + (index % 2 === 0 ? 0.011 : -0.01));
  const result = pairedTTest(a, b);
  expect(result.meanDifference).toBeCloseTo(-0.0005, 14);
  // The differences are ±0.0105 around the mean, so s² = 0.0105²·n/(n − 1).
  expect(result.t).toBeCloseTo((-0.0005 / 0.0105) * Math.sqrt(13_999), 9);
  expect(result.better).toBe('a');
});

it('with equal values says that nothing differs', () => {
  expect(pairedTTest([1, 2, 3], [1, 2, 3])).toEqual({
    n: 3,
    meanDifference: 0,
    t: 0,
    df: 2,
    p: 1,
    ci95: [0, 0],
    cohensDz: 0,
    better: 'neither',
  });
});

it.each([
  [[1, 2, 3], [2, 3, 4], -1, 'a'],
  [[2, 3, 4], [1, 2, 3], 1, 'b'],
])('with a constant difference has an infinite t that JSON keeps', (a, b, difference, better) => {
  const result = pairedTTest(a, b);
  expect(result).toEqual({
    n: 3,
    meanDifference: difference,
    t: difference * Number.MAX_VALUE,
    df: 2,
    p: 0,
    ci95: [difference, difference],
    cohensDz: difference * Number.MAX_VALUE,
    better,
  });
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
});

it('sees a difference that only rounding varies as constant', () => {
  const b = [1, 1.1, 1.2, 1.3];
  const a = b.map((loss) => loss + 1000);
  expect(pairedTTest(a, b)).toMatchObject({ p: 0, better: 'b' });
});

it.each([
  ['other lengths', [1, 2, 3], [1, 2], 'got 3 and 2'],
  ['one pair', [1], [2], 'at least 2 pairs, got 1'],
  ['no pair', [], [], 'at least 2 pairs, got 0'],
  ['NaN', [1, 2, NaN], [1, 2, 3], 'got NaN at a[2]'],
  ['infinity', [1, 2], [1, -Infinity], 'got -Infinity at b[1]'],
  ['a difference that overflows', [1, 1.7e308], [1, -1.7e308], 'a[1] − b[1] is too large'],
  ['a variance that overflows', [1e200, 0], [0, 0], 'variance is not a finite number'],
])('refuses %s', (_, a, b, message) => {
  expect(() => pairedTTest(a, b)).toThrow(advError('USAGE', message, /^/));
});
