import { expect, it } from 'vitest';
import { learningRateAt } from '../../../src/training/learning-rate.js';

const steps = 100;
const rate = { learningRate: 0.5, schedule: 'constant', warmUp: 0 } as const;

function ratesOf(recipe: Parameters<typeof learningRateAt>[0]): number[] {
  return Array.from({ length: steps }, (_, step) => learningRateAt(recipe, { step, steps }));
}

it('stays where nothing else is said', () => {
  expect(new Set(ratesOf(rate))).toEqual(new Set([0.5]));
});

it('falls along a line', () => {
  const rates = ratesOf({ ...rate, schedule: 'linear' });
  expect(rates[0]).toBe(0.5);
  expect(rates[50]).toBe(0.25);
  expect(rates[99]).toBeCloseTo(0.005, 12);
});

it('falls along half a cosine', () => {
  const rates = ratesOf({ ...rate, schedule: 'cosine' });
  expect(rates[0]).toBe(0.5);
  expect(rates[25]).toBeCloseTo(0.25 * (1 + Math.SQRT1_2), 12);
  expect(rates[50]).toBeCloseTo(0.25, 12);
  expect(rates[75]).toBeCloseTo(0.25 * (1 - Math.SQRT1_2), 12);
});

it.each(['constant', 'linear', 'cosine'] as const)('rises to its value before %s', (schedule) => {
  const rates = ratesOf({ ...rate, schedule, warmUp: 0.2 });
  expect(rates[0]).toBeCloseTo(0.025, 12);
  expect(rates[9]).toBe(0.25);
  expect(rates[19]).toBe(0.5);
  expect(rates[20]).toBe(0.5);
  const after = schedule === 'constant' ? 0.5 : 0.25;
  expect(rates[60]).toBeCloseTo(after, 12);
});

it('never is 0, however few the steps', () => {
  for (const schedule of ['constant', 'linear', 'cosine'] as const) {
    for (const warmUp of [0, 0.3, 0.5, 0.999]) {
      for (let all = 1; all < 8; all++) {
        for (let step = 0; step < all; step++) {
          const now = learningRateAt({ ...rate, schedule, warmUp }, { step, steps: all });
          expect(now).toBeGreaterThan(0);
          expect(now).toBeLessThanOrEqual(0.5);
        }
      }
    }
  }
});
