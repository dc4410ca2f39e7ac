import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  almostStochasticOrder,
  type StochasticOrder,
} from '../../../src/statistics/almost-stochastic-order.js';
import { advError, forAll } from '../support.js';
import { expectNear, golden } from './golden.js';

type Case = Pick<StochasticOrder, 'violationRatio' | 'standardError' | 'epsilonMin' | 'confidence'> & {
  readonly a: number[];
  readonly b: number[];
  readonly seed: number;
  readonly grid: number;
};
const { resamples, cases } = golden('almost_stochastic_order') as { resamples: number; cases: Case[] };

it.each(cases)('agrees with the formulas in numpy, with seed $seed', ({ a, b, seed, ...known }) => {
  const options = { seed, resamples, confidence: known.confidence };
  const result = almostStochasticOrder(a, b, { ...options, higherIsBetter: true });
  expectNear(result.violationRatio, known.violationRatio);
  expectNear(result.standardError, known.standardError);
  expectNear(result.epsilonMin.a, known.epsilonMin.a);
  expectNear(result.epsilonMin.b, known.epsilonMin.b);
  // deep-significance takes 199 points of the integrals.
  expect(Math.abs(result.epsilonMin.a - known.grid)).toBeLessThan(0.01);
  const minus = (scores: number[]): number[] => scores.map((score) => -score);
  const asLosses = almostStochasticOrder(minus(a), minus(b), options);
  expect(asLosses.better).toBe(result.better);
  expectNear(asLosses.epsilonMin.a, result.epsilonMin.a);
});

it('says which is better: the one with lower losses, or with higher scores', () => {
  const [low, high] = [
    [1, 2, 3],
    [5, 6, 7],
  ];
  expect(almostStochasticOrder(low, high)).toMatchObject({ violationRatio: 0, better: 'a' });
  expect(almostStochasticOrder(high, low)).toMatchObject({ violationRatio: 1, better: 'b' });
  expect(almostStochasticOrder(low, high, { higherIsBetter: true })).toMatchObject({ better: 'b' });
  expect(almostStochasticOrder(low, low)).toMatchObject({ violationRatio: 0.5, better: 'neither' });
});

it('agrees with a case worked out by hand', () => {
  // On one half a is better by 1, on the other one worse by 1.
  expect(almostStochasticOrder([0, 3], [1, 2]).violationRatio).toBe(0.5);
  // On one half a is better by 1, on the other one worse by 2.
  expectNear(almostStochasticOrder([0, 3], [1, 1, 1]).violationRatio, 4 / 5);
});

const scores = fc.array(
  fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
  { minLength: 2, maxLength: 8 },
);

it('gives the same for the same seed, whatever the order, within [0, 1]', async () => {
  await forAll([scores, scores], { numRuns: 50 }).check((a, b) => {
    const one = almostStochasticOrder(a, b, { resamples: 100 });
    expect(almostStochasticOrder(a, b, { resamples: 100 })).toEqual(one);
    for (const share of [one.violationRatio, one.epsilonMin.a, one.epsilonMin.b]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    expect(one.epsilonMin.a).toBeGreaterThanOrEqual(one.violationRatio);
    const other = almostStochasticOrder(b.toReversed(), a.toReversed(), { resamples: 100 });
    expect(other.violationRatio).toBeCloseTo(1 - one.violationRatio, 12);
  });
});

it('has a larger bound the surer it is', () => {
  const [a, b] = [
    [0.5, 0.6, 0.55, 0.7],
    [0.6, 0.58, 0.66, 0.9],
  ];
  const boundAt = (confidence: number): number => almostStochasticOrder(a, b, { confidence }).epsilonMin.a;
  const ratio = almostStochasticOrder(a, b).violationRatio;
  expect(boundAt(0.5)).toBe(ratio);
  expect(boundAt(0.9)).toBeGreaterThan(ratio);
  expect(boundAt(0.99)).toBeGreaterThan(boundAt(0.9));
});

it.each([
  ['one score', [1], [1, 2], {}, 'at least 2 of a, got 1'],
  ['NaN', [1, 2], [1, Number.NaN], {}, 'got NaN at b[1]'],
  ['squares that overflow', [1e200, 0], [1, 2], {}, 'smaller scores'],
  ['little confidence', [1, 2], [1, 2], { confidence: 0.4 }, 'confidence: expected'],
])('refuses %s', (_, a, b, options, message) => {
  expect(() => almostStochasticOrder(a, b, options)).toThrow(advError('USAGE', message, /^/));
});
