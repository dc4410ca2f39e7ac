import { expect, it } from 'vitest';
import type { FinishedRun } from '../../../../src/study/forecast/finished-runs.js';
import { epochsOf, paceOfFinished, runSeconds, type RunKind } from '../../../../src/study/forecast/pace.js';

const data = { tokens: 1000, validTokens: 100 };
const vanilla: RunKind = { column: 'vanilla', passes: 1, model: 'm', data, epochs: 50 };
const adversarial: RunKind = { ...vanilla, column: 'adversarial', passes: 2 };
const lstm: RunKind = { ...vanilla, column: 'lstm', model: 'l' };
const kinds = [vanilla, adversarial, lstm];

const finished = (column: string, more: Partial<FinishedRun> = {}): FinishedRun => ({
  ...{ column, threads: 1, epochs: 10, train: 4, valid: 0.5 },
  ...more,
});

it('takes the mean pace of finished runs of the column, and no other where it has some', () => {
  const runs = [finished('vanilla'), finished('vanilla', { train: 6, valid: 0.7 }), finished('adversarial')];
  expect(paceOfFinished(vanilla, kinds, runs)).toEqual({
    ...{ train: 0.005, valid: expect.closeTo(0.006, 12) as number, by: 'finished runs' },
  });
});

it('scales the pace of other columns of the model by how often a step goes through it', () => {
  const runs = [finished('vanilla'), finished('lstm', { train: 100 })];
  expect(paceOfFinished(adversarial, kinds, runs)).toEqual({
    train: 0.008,
    valid: 0.005,
    by: 'other columns',
  });
  const half = [finished('adversarial')];
  expect(paceOfFinished(vanilla, kinds, half)).toEqual({ train: 0.002, valid: 0.005, by: 'other columns' });
});

it('tells nothing by runs of another model or on several threads', () => {
  expect(paceOfFinished(vanilla, kinds, [])).toBeUndefined();
  expect(paceOfFinished(lstm, kinds, [finished('vanilla')])).toBeUndefined();
  expect(paceOfFinished(vanilla, kinds, [finished('vanilla', { threads: 2 })])).toBeUndefined();
});

it('takes as many epochs as finished runs had, of the column first, at most those of the recipe', () => {
  const runs = [finished('adversarial', { epochs: 12 }), finished('vanilla', { epochs: 15, threads: 2 })];
  expect(epochsOf(vanilla, runs)).toEqual({ epochs: 15, by: 'finished runs' });
  expect(epochsOf(lstm, runs)).toEqual({ epochs: 13.5, by: 'finished runs' });
  expect(epochsOf({ ...lstm, epochs: 3 }, runs)).toEqual({ epochs: 3, by: 'finished runs' });
  expect(epochsOf(vanilla, [])).toEqual({ epochs: 50, by: 'recipe' });
});

it('counts a validation after each epoch and that of the untrained model', () => {
  expect(runSeconds(data, 10, { train: 0.004, valid: 0.005 })).toBeCloseTo(10 * 4 + 11 * 0.5, 12);
});
