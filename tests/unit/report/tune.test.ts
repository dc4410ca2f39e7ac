import { expect, it } from 'vitest';
import { tuneReport } from '../../../src/report/tune.js';
import type { TrialResult } from '../../../src/study/tune/read-tune.js';
import type { TuneResult } from '../../../src/study/tune/result.js';
import { meanInterval } from '../../../src/statistics/mean-interval.js';

const trial: TrialResult = {
  ...{ trial: 1, options: { epsilon: 0.1, subwords: [2, 5] }, rung: 3, epochs: 9 },
  best: { epoch: 7, loss: 0.5, accuracy: 0.75, macroF1: 0.7 },
  ...{ seconds: 12, status: 'whole', error: null },
};
const second: TrialResult = {
  ...trial,
  ...{ trial: 4, options: { epsilon: 0.25, subwords: false }, rung: 2, epochs: 3, status: 'part' },
  best: { epoch: 3, loss: 0.625, accuracy: 0.7, macroF1: 0.6 },
};
const searched: TuneResult = {
  ...{
    tune: 'tune',
    method: 'successive halving',
    dataset: 'dsl',
    testPart: 'not read',
    trials: 5,
    seconds: 70,
  },
  ...{ best: trial, defaults: trial, leaders: [trial, second], sweep: null },
  ...{
    options: {},
    command: 'npx advnative train --epsilon 0.1',
    table: 'tune/trials.csv',
    sweepTable: null,
  },
};

it('shows the best trials, the defaults, and the command that trains with the best', () => {
  expect(tuneReport(searched)).toBe(
    [
      'trial  epsilon  subwords  valid loss  accuracy  macro F1  epochs  status',
      '    1      0.1  2-5           0.5000    0.7500    0.7000       9  whole',
      '    4     0.25  none          0.6250    0.7000    0.6000       3  part',
      '',
      'folder     tune',
      'method     successive halving: 5 trials in 1:10',
      'defaults   trial 1: validation loss 0.5000',
      'test part  not read',
      'table      tune/trials.csv',
      '',
      'Train with the best options, and test once, by:',
      'npx advnative train --epsilon 0.1',
    ].join('\n'),
  );
});

it('draws the values of a sweep on one scale', () => {
  const value = (epsilon: number, losses: readonly number[]) => ({
    options: { epsilon },
    ...{ loss: meanInterval(losses), accuracy: meanInterval([0.5, 0.5]), macroF1: meanInterval([0.5, 0.5]) },
  });
  const failed = { options: { epsilon: 1 }, loss: null, accuracy: null, macroF1: null };
  const swept: TuneResult = {
    ...{ ...searched, method: 'sweep', best: null, defaults: null },
    sweep: [value(0.01, [1, 1]), value(0.1, [0.5, 0.52]), failed],
    sweepTable: 'tune/sweep.csv',
  };
  const [title, first, next, last, , ...facts] = tuneReport(swept).split('\n');
  expect(title).toBe('epsilon  seeds  valid loss  95 % interval     accuracy  valid loss from low to high');
  expect(first).toBe(`   0.01      2      1.0000  1.0000 to 1.0000    0.5000  ${' '.repeat(39)}o`);
  expect(next).toMatch(/^ {4}0\.1 {6}2 {6}0\.5100 {2}0\.3829 to 0\.6371 {4}0\.5000 {2}-{8}o-{8}$/);
  expect(last).toBe('      1      0');
  expect(facts).toContain('table      tune/trials.csv, tune/sweep.csv');
});

it('draws one value, and values of one seed, without an interval', () => {
  const single = meanInterval([0.5]);
  const sweep = [{ options: { epsilon: 0.1 }, loss: single, accuracy: single, macroF1: single }];
  const [, line] = tuneReport({ ...searched, sweep }).split('\n');
  expect(line).toMatch(/^ {4}0\.1 {6}1 {6}0\.5000 +0\.5000 {2}o$/);
});
