import { expect, it } from 'vitest';
import { hasDiverged } from '../../../src/training/divergence.js';
import { epochs } from './support.js';

const scale = { priorLoss: 0.7, batches: 50 };

type Losses = readonly [train: number, valid: number];

/** Whether a history of training and validation losses has diverged; the untrained model's loss is 0.69. */
const diverged = (...losses: readonly Losses[]) => hasDiverged(epochs(0.69, losses), scale);

it('takes two epochs in a row with both losses far above what is reached without learning', () => {
  expect(diverged([7.1, 7.1])).toBe(false);
  expect(diverged([7.1, 7.1], [7.1, 7.1])).toBe(true);
  expect(diverged([7.1, 7.1], [7.1, 6.9])).toBe(false);
});

it('leaves alone what is overfitted, what began badly and what has come back', () => {
  const overfitted: [number, number][] = [1, 2, 3, 4, 5].map((epoch) => [0.01, 20 * epoch]);
  expect(diverged(...overfitted)).toBe(false);
  expect(diverged([3000, 0.7], [3000, 0.7])).toBe(false);
  expect(diverged([3000, 3000], [500, 2.8], [3000, 3000])).toBe(false);
});

it('asks for a hundred steps where an epoch has few', () => {
  const lost = (count: number, batches: number) => {
    const losses = Array.from({ length: count }, () => [1e9, 1e9] as const);
    return hasDiverged(epochs(0.69, losses), { ...scale, batches });
  };
  expect([lost(8, 12), lost(9, 12), lost(1, 100_000)]).toEqual([false, true, false]);
});

it('measures by the larger of the untrained loss and that of the label prior', () => {
  const lost: readonly Losses[] = Array.from({ length: 2 }, () => [20, 20]);
  expect(diverged(...lost)).toBe(true);
  expect(hasDiverged(epochs(0.69, lost), { ...scale, priorLoss: 2.1 })).toBe(false);
});

it('has nothing to say before the first epoch', () => {
  expect(hasDiverged([], scale)).toBe(false);
  expect(diverged()).toBe(false);
});
