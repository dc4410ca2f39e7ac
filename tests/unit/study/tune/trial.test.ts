import { expect, it } from 'vitest';
import {
  bestEpoch,
  lacks,
  notBegun,
  statusOf,
  trainedEpochs,
  type TrialState,
} from '../../../../src/study/tune/trial.js';
import { epochRecord } from '../../training/support.js';

const losses = [2, 0.9, 0.5, 0.7, 0.4];

/** Four epochs of nine, the fourth the best. */
const some: TrialState = {
  failure: null,
  part: { epochs: 9, over: false, diverged: false },
  history: losses.map((validLoss, epoch) => ({
    ...epochRecord,
    epoch,
    validLoss,
    validAccuracy: 0.9 - epoch / 10,
  })),
};
const part = (changed: Partial<NonNullable<TrialState['part']>>): TrialState => ({
  ...some,
  part: { epochs: 9, over: false, diverged: false, ...changed },
});
const failed: TrialState = { ...some, failure: { code: 'NOT_FINITE', message: 'the loss is NaN' } };

it('has the best of those epochs that count, never the untrained model', () => {
  expect(bestEpoch(some, 'loss')?.epoch).toBe(4);
  expect(bestEpoch(some, 'loss', 3)?.epoch).toBe(2);
  expect(bestEpoch(some, 'loss', 9)).toMatchObject({ epoch: 1, validLoss: 0.9 });
  expect(bestEpoch(some, 'accuracy')?.epoch).toBe(1);
  expect(bestEpoch({ ...some, history: some.history.slice(0, 1) }, 'loss')).toBeUndefined();
});

it('has none of a trial that failed or diverged', () => {
  expect(bestEpoch(failed, 'loss')).toBeUndefined();
  expect(bestEpoch(part({ over: true, diverged: true }), 'loss')).toBeUndefined();
});

it('lacks epochs until it has its share, has ended or has failed', () => {
  expect([9, 3, 2, 1].map((divisor) => lacks(some, divisor))).toEqual([false, false, true, true]);
  expect(lacks(notBegun, 9)).toBe(true);
  // Killed before it could tell how many epochs it has.
  expect(lacks({ ...some, part: null }, 9)).toBe(true);
  expect(lacks(part({ over: true }), 1)).toBe(false);
  expect(lacks(failed, 1)).toBe(false);
});

it('says where a trial stands', () => {
  const ended = part({ over: true });
  const lost = part({ over: true, diverged: true });
  expect([notBegun, some, ended, lost, failed].map(statusOf)).toEqual([
    'waiting',
    'part',
    'whole',
    'diverged',
    'failed',
  ]);
  expect([notBegun, some].map(trainedEpochs)).toEqual([0, 4]);
});
