import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pairedTPower, seedsForPower } from '../../../src/statistics/power.js';
import { advError, forAll } from '../support.js';
import { expectNear, golden } from './golden.js';

const { powers, seeds } = golden('power') as {
  powers: { effect: number; pairs: number; alpha: number; power: number; exact: number }[];
  seeds: { effect: number; power: number; alpha: number; pairs: number }[];
};

it.each(powers)('of $pairs pairs with d_z $effect agrees with statsmodels, and with 40 digits', (known) => {
  const power = pairedTPower(known.effect, known.pairs, known.alpha);
  expectNear(power, known.power);
  expectNear(power, known.exact, 1e-12);
});

it.each(seeds)('finds as many pairs as statsmodels for d_z $effect', ({ effect, power, alpha, pairs }) => {
  expect(seedsForPower(effect, { power, alpha })).toBe(pairs);
  expect(seedsForPower(-effect, { power, alpha })).toBe(pairs);
});

it('asks for the smallest number of seeds that has the power', async () => {
  await forAll(
    [fc.double({ min: 0.05, max: 120, noNaN: true }), fc.double({ min: 0.1, max: 0.99, noNaN: true })],
    {
      numRuns: 50,
    },
  ).check((effect, power) => {
    const pairs = seedsForPower(effect, { power }) ?? Number.NaN;
    expect(pairedTPower(effect, pairs)).toBeGreaterThanOrEqual(power);
    if (pairs > 2) expect(pairedTPower(effect, pairs - 1)).toBeLessThan(power);
  });
});

it('has a power from α to 1 that grows with the effect and with the pairs', async () => {
  const effect = fc.double({ min: 0, max: 200, noNaN: true });
  await forAll([effect, effect, fc.integer({ min: 2, max: 10_000 })], { numRuns: 50 }).check(
    (one, other, pairs) => {
      const [small, large] = [Math.min(one, other), Math.max(one, other)];
      const power = pairedTPower(small, pairs);
      expect(power).toBeGreaterThanOrEqual(0.05 - 1e-12);
      expect(power).toBeLessThanOrEqual(1);
      expect(pairedTPower(large, pairs)).toBeGreaterThanOrEqual(power - 1e-12);
      expect(pairedTPower(small, pairs + 1)).toBeGreaterThanOrEqual(power - 1e-12);
    },
  );
});

it('says where no number of seeds within the bound would do', () => {
  expect(seedsForPower(0)).toBeNull();
  expect(seedsForPower(0.002)).toBeNull();
  expect(seedsForPower(0.003)).toBeLessThan(1_000_000);
  expect(seedsForPower(0.5, { most: 33 })).toBeNull();
  expect(seedsForPower(0.5, { most: 34 })).toBe(34);
});

it('takes an infinite effect, as the paired t-test writes it', () => {
  expect(seedsForPower(-Number.MAX_VALUE)).toBe(2);
  expectNear(pairedTPower(Number.MAX_VALUE, 1_000_000), 1);
});

it('refuses what is out of range', () => {
  expect(() => seedsForPower(Number.NaN)).toThrow(advError('USAGE', 'finite number, got NaN', /^/));
  expect(() => seedsForPower(1, { alpha: 0 })).toThrow(advError('USAGE', 'alpha: expected', /^/));
  expect(() => seedsForPower(1, { power: 1 })).toThrow(advError('USAGE', 'power: expected', /^/));
  expect(() => pairedTPower(1, 1)).toThrow(advError('USAGE', 'pairs: expected an integer from 2', /^/));
});
