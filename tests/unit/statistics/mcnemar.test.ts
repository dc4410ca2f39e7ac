import fc from 'fast-check';
import { expect, it } from 'vitest';
import { headsProbability } from '../../../src/statistics/fair-coin.js';
import { mcNemarTest } from '../../../src/statistics/mcnemar.js';
import { advError, forAll } from '../support.js';
import { expectNear, golden } from './golden.js';

interface Counts {
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
}

const { cases } = golden('mcnemar') as { cases: (Counts & { p: number; midP: number })[] };

function answers({ both, onlyA, onlyB, neither }: Counts): [boolean[], boolean[]] {
  const times = (count: number, value: boolean): boolean[] => new Array<boolean>(count).fill(value);
  return [
    [...times(both + onlyA, true), ...times(onlyB + neither, false)],
    [...times(both, true), ...times(onlyA, false), ...times(onlyB, true), ...times(neither, false)],
  ];
}

const test = (counts: Counts) => mcNemarTest(...answers(counts));

it.each(cases)('agrees with statsmodels: $onlyA to $onlyB', ({ p, midP, ...counts }) => {
  const result = test(counts);
  expect(result).toMatchObject(counts);
  expectNear(result.p, p);
  expectNear(result.midP, midP);
});

it('says whose accuracy is higher', () => {
  const result = test({ both: 10, onlyA: 9, onlyB: 1, neither: 20 });
  expect(result).toMatchObject({ n: 40, accuracyDifference: 0.2, better: 'a' });
  expectNear(result.p, 22 / 1024);
  expect(test({ both: 10, onlyA: 1, onlyB: 9, neither: 20 }).better).toBe('b');
  expect(test({ both: 10, onlyA: 8, onlyB: 2, neither: 20 }).better).toBe('neither');
});

it('finds nothing where both classify the same examples correctly', () => {
  const result = test({ both: 3, onlyA: 0, onlyB: 0, neither: 1 });
  expect(result).toEqual({
    n: 4,
    both: 3,
    onlyA: 0,
    onlyB: 0,
    neither: 1,
    accuracyDifference: 0,
    p: 1,
    midP: 1,
    better: 'neither',
  });
});

it('keeps p in [0, 1], mid-p not above it, and turns round when the two are exchanged', async () => {
  const pairs = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 60 });
  await forAll([pairs]).check((all) => {
    const [a, b] = [all.map(([right]) => right), all.map(([, right]) => right)];
    const [one, other, turned] = [
      mcNemarTest(a, b),
      mcNemarTest(b, a),
      mcNemarTest(a.toReversed(), b.toReversed()),
    ];
    expect(one.p).toBeGreaterThan(0);
    expect(one.p).toBeLessThanOrEqual(1);
    expect(one.midP).toBeGreaterThan(0);
    expect(one.midP).toBeLessThanOrEqual(one.p);
    expect(other).toMatchObject({ p: one.p, midP: one.midP, onlyA: one.onlyB, onlyB: one.onlyA });
    expect(other.accuracyDifference + one.accuracyDifference).toBe(0);
    expect(other.better).toBe(one.better === 'a' ? 'b' : one.better === 'b' ? 'a' : 'neither');
    expect(turned).toEqual(one);
  });
});

it('keeps the digits of a tail far out, and gives 0 where no number is small enough', () => {
  // 2^-1000, and 1 + 1000 times that.
  expectNear(headsProbability(0, 1000).atMost, 2 ** -1000);
  expectNear(headsProbability(1, 1000).atMost, 1001 * 2 ** -1000);
  expect(headsProbability(0, 100_000)).toEqual({ exactly: 0, atMost: 0 });
  expect(headsProbability(0, 0)).toEqual({ exactly: 1, atMost: 1 });
});

it.each([
  ['other lengths', [true], [true, false], 'got 1 and 2'],
  ['no example', [], [], 'at least 1, got 0 and 0'],
  ['a number', [1], [true], 'got 1 at a[0]'],
  ['a hole', [true], [undefined], 'got nothing at b[0]'],
])('refuses %s', (_, a, b, message) => {
  expect(() => mcNemarTest(a as boolean[], b as boolean[])).toThrow(advError('USAGE', message, /^/));
});
