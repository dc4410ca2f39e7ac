import { expect, it } from 'vitest';
import { hasDiverged } from '../../../src/training/divergence.js';
import { epochs } from './support.js';

const scale = { priorLoss: 0.7, batches: 50 };

/** Whether a history of training and validation losses has diverged; the untrained model's loss is 0.69. */
function diverged(losses: readonly (readonly [train: number, valid: number])[], setup = scale): boolean {
  return hasDiverged(epochs(0.69, losses), setup);
}

it('takes two epochs in a row with both losses far above what is reached without learning', () => {
  expect(diverged([[7.1, 7.1]])).toBe(false);
  expect(
    diverged([
      [7.1, 7.1],
      [7.1, 7.1],
    ]),
  ).toBe(true);
  expect(
    diverged([
      [7.1, 7.1],
      [7.1, 6.9],
    ]),
  ).toBe(false);
});

it('leaves alone what is overfitted, what began badly and what has come back', () => {
  const overfitted: [number, number][] = [1, 2, 3, 4, 5].map((epoch) => [0.01, 20 * epoch]);
  expect(diverged(overfitted)).toBe(false);
  expect(
    diverged([
      [3000, 0.7],
      [3000, 0.7],
    ]),
  ).toBe(false);
  expect(
    diverged([
      [3000, 3000],
      [500, 2.8],
      [3000, 3000],
    ]),
  ).toBe(false);
});

it('asks for a hundred steps where an epoch has few', () => {
  const lost = (count: number): [number, number][] => Array.from({ length: count }, () => [1e9, 1e9]);
  expect(diverged(lost(8), { ...scale, batches: 12 })).toBe(false);
  expect(diverged(lost(9), { ...scale, batches: 12 })).toBe(true);
  expect(diverged(lost(1), { ...scale, batches: 100_000 })).toBe(false);
});

it('measures by the larger of the untrained loss and that of the label prior', () => {
  const lost: [number, number][] = [
    [20, 20],
    [20, 20],
  ];
  expect(diverged(lost)).toBe(true);
  expect(diverged(lost, { ...scale, priorLoss: 2.1 })).toBe(false);
});

it('has nothing to say before the first epoch', () => {
  expect(hasDiverged([], scale)).toBe(false);
  expect(diverged([])).toBe(false);
});
