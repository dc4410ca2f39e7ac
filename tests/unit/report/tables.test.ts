import { expect, it } from 'vitest';
import { bytes, duration, percent, pValue } from '../../../src/report/format.js';
import {
  comparisonReport,
  datasetsReport,
  evaluationReport,
  table,
  trainReport,
} from '../../../src/report/tables.js';
import type { McNemarTest } from '../../../src/statistics/mcnemar.js';
import type { Comparison } from '../../../src/training/compare.js';
import { wordRows } from '../support.js';
import { trainResult } from '../training/support.js';

it('sets a column of numbers flush right where some cells are empty, and an empty one nowhere', () => {
  const rows = wordRows('x 5.5%  y').map(([a = '', share = '']) => [a, share, '']);
  expect(table(['a', 'share', 'none'], rows)).toBe('a  share  none\nx   5.5%\ny');
});

it('sets numbers flush right and text flush left', () => {
  const rows = Object.entries({ 'long name': '5', b: '1,234' });
  expect(table(['name', 'count'], rows)).toBe('name       count\nlong name      5\nb          1,234');
});

it('formats durations, shares, bytes and p-values', () => {
  expect([0, 59.6, 3599, 3600, 36_061].map(duration)).toEqual('0:00 1:00 59:59 1:00:00 10:01:01'.split(' '));
  expect([0, 0.999, 1].map(percent)).toEqual(['0%', '99%', '100%']);
  const sizes = [0, 512, 1536, 3 * 2 ** 30, 2 ** 45].map(bytes);
  expect(sizes).toEqual(['0 B', '512 B', '1.5 KiB', '3.0 GiB', '32768.0 GiB']);
  const written = [1, 0.0391, 0.00099, 1e-120, 0].map(pValue);
  expect(written).toEqual(['1.00', '0.0391', '9.90e-4', '1.00e-120', '< 1e-300']);
});

const mcnemar: McNemarTest = {
  ...{ n: 1000, both: 700, onlyA: 15, onlyB: 4, neither: 281 },
  ...{ accuracyDifference: 0.011, p: 0.0266, midP: 0.019, better: 'a' },
};
const test: Comparison = {
  mcnemar,
  n: 1000,
  meanDifference: -0.0123,
  t: -2.5,
  df: 999,
  p: 0.0126,
  ci95: [-0.022, -0.0026],
  cohensDz: -0.079,
  better: 'a',
};

it('says which model is better, and what that does not say', () => {
  const report = comparisonReport('runs/x', 'runs/y', test);
  expect(report).toMatch(
    /accuracy \(a - b\) 0\.01100, McNemar's exact test p = 0\.0266; only a is right on 15 texts, only b on 4 texts/,
  );
  expect(report).toMatch(
    /mean difference of the losses \(a - b\) -0\.01230, 95% interval -0\.02200 to -0\.002600/,
  );
  expect(report).toMatch(/t\(999\) = -2\.500, p = 0\.0126, Cohen's dz = -0\.079, n = 1,000/);
  expect(report).toMatch(/^runs\/x has the smaller test loss\.$/m);
  expect(report).toMatch(/two models, not two methods/);
  expect(comparisonReport('x', 'y', { ...test, better: 'neither' })).toMatch(/not significant at 0\.05/);
  expect(comparisonReport('x', 'y', { ...test, t: -Number.MAX_VALUE })).toMatch(/t\(999\) = -infinite/);
});

it('says what a comparison left out, and that all losses are the same', () => {
  expect(comparisonReport('x', 'y', test)).not.toMatch(/left out/);
  expect(comparisonReport('x', 'y', { ...test, leftOut: { a: 1200, b: 0 } })).toMatch(
    /^left out, because they occur on one side only: 1,200 of a, 0 of b$/m,
  );
  const same = { meanDifference: 0, t: 0, p: 1, ci95: [0, 0], cohensDz: 0, better: 'neither' } as const;
  expect(comparisonReport('x', 'y', { ...test, ...same, ci95: [0, 0] })).toMatch(
    /t\(999\) = 0\.000, p = 1\.00, Cohen's dz = 0\.000, n = 1,000\nBoth models have the same loss on every example\.$/m,
  );
});

it('shows scores, classes and confusion of an evaluation', () => {
  const report = evaluationReport({
    model: 'runs/x',
    data: 'dsl',
    warnings: [],
    n: 4,
    loss: 0.5,
    accuracy: 0.75,
    macroF1: 0.7333,
    perClass: [
      { label: 'hr', precision: 1, recall: 0.5, f1: 0.6667, support: 2 },
      { label: 'sr', precision: 0.6667, recall: 1, f1: 0.8, support: 2 },
    ],
    confusion: [
      [1, 1],
      [0, 2],
    ],
  });
  expect(report).toMatch(/^loss 0\.5000, accuracy 0\.7500, macro F1 0\.7333$/m);
  expect(report).toMatch(/^hr {8}1\.0000 {2}0\.5000 {2}0\.6667 {8}2$/m);
  expect(report).toMatch(/^hr {3}1 {3}1$/m);
});

it('shows a run with and without test data and parity', () => {
  const whole = trainReport({
    ...trainResult,
    test: { n: 1000, loss: 0.5, accuracy: 0.9, macroF1: 0.8 },
    onnxParity: { maxAbsDiff: 6.6e-8, n: 256 },
  });
  expect(whole).toMatch(/test +loss 0\.5000, accuracy 0\.9000, macro F1 0\.8000, n 1,000/);
  expect(whole).toMatch(/within 6\.6e-8 of the engine on 256 texts/);
  const bare = trainReport(trainResult);
  expect(bare).toMatch(/none: the data has no test split/);
  expect(bare).toMatch(/not checked: onnxruntime-node is not installed/);
  expect(bare).not.toMatch(/warning/);
});

it('shows a run without a network by its n-grams', () => {
  const valid = { n: 6, loss: 1.25, accuracy: 0.5, macroF1: 0.4 };
  const ngrams = { features: 12_345, examples: 30, networkScale: null, ngramScale: 2, valid };
  const throughput = { tokensPerSecond: 0, examplesPerSecond: 15 };
  const report = trainReport({ ...trainResult, ngrams, throughput });
  expect(report).toMatch(/^n-grams +12,345 \(validation loss 1\.2500\)$/mu);
  expect(report).toMatch(/^throughput +15 examples\/s$/mu);
  expect(report).not.toMatch(/epoch|tokens/u);
});

it('shows every warning of a run below its results', () => {
  const report = trainReport({
    ...trainResult,
    warnings: [
      { code: 'DIVERGED', message: 'it diverged' },
      { code: 'SAME_DATA', message: 'one file \u001b[2J' },
    ],
  });
  expect(report.split('\n').slice(-2)).toEqual([
    'warning     it diverged',
    'warning     one file \\u{1b}[2J',
  ]);
});

it('says where datasets lie', () => {
  const listing = { description: 'd', labels: 2 };
  const report = datasetsReport([
    { ...listing, name: 'built', builtIn: true, found: undefined },
    { ...listing, name: 'here', builtIn: false, found: '/data/here' },
    { ...listing, name: 'there', builtIn: false, found: undefined },
  ]);
  expect(report).toMatch(/built +2 +built in/);
  expect(report).toMatch(/here +2 +\/data\/here/);
  expect(report).toMatch(/there +2 +not downloaded/);
});

it('shows by its number what a terminal would obey', () => {
  expect(table(['label'], [['a\u001b[2Jb']])).toBe('label\na\\u{1b}[2Jb');
});

it('sets a linear n-gram classifier beside the result, and says whether the difference is chance', () => {
  const scores = { n: 40, loss: 0.5, accuracy: 0.75, macroF1: 0.7 };
  const baseline = {
    examples: 1200,
    features: 9,
    valid: scores,
    test: scores,
    comparison: test,
    seconds: 2.04,
  };
  const line = (result: Partial<typeof trainResult>): string =>
    trainReport({ ...trainResult, test: scores, ...result })
      .split('\n')
      .find((row) => row.startsWith('linear n-grams')) ?? '';
  expect(line({ baseline })).toBe(
    'linear n-grams  loss 0.5000, accuracy 0.7500, macro F1 0.7000, worse than the model (paired t-test, p 0.0126); 2.0 s on 1,200 texts',
  );
  const comparison = { ...test, better: 'b' } as const;
  expect(line({ baseline: { ...baseline, comparison } })).toContain(', better than the model (');
  expect(line({ baseline: { ...baseline, comparison: { ...test, better: 'neither' } } })).toContain(
    ', no clear difference (',
  );
  expect(line({ test: null, baseline: { ...baseline, test: null, comparison: null } })).toBe(
    'linear n-grams  validation loss 0.5000, accuracy 0.7500, macro F1 0.7000; 2.0 s on 1,200 texts',
  );
  expect(line({ baseline: null })).toBe('');
});

it('tells the validation loss with n-grams beside that of the network alone', () => {
  const valid = { n: 40, loss: 0.25, accuracy: 0.9, macroF1: 0.9 };
  const ngrams = { features: 9, examples: 100, networkScale: 2, ngramScale: 0.5, valid };
  expect(trainReport({ ...trainResult, ngrams })).toContain(
    '1 (validation loss 1.2500, with n-grams 0.2500)',
  );
});
