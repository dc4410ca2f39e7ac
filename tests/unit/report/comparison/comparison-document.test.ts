import { expect, it } from 'vitest';
import { comparisonDocument } from '../../../../src/report/comparison/comparison-document.js';
import { tablesOf } from '../../../../src/report/document/document.js';
import { htmlOf } from '../../../../src/report/document/html.js';
import { mcNemarTest } from '../../../../src/statistics/mcnemar.js';
import { pairedTTest } from '../../../../src/statistics/paired-t-test.js';
import type { FullComparison } from '../../../../src/training/compare.js';

const pairs = {
  a: Float64Array.of(0.1, 0.2, 0.9, 0.3, 0.4),
  b: Float64Array.of(0.2, 0.4, 0.8, 0.6, 0.4),
  labels: ['pos', 'neg', 'pos', 'neg', '<neutral>'],
  rightA: [true, true, false, true, true],
  rightB: [true, false, false, false, true],
  leftOut: { a: 0, b: 0 },
};
const full: FullComparison = {
  comparison: { ...pairedTTest(pairs.a, pairs.b), mcnemar: mcNemarTest(pairs.rightA, pairs.rightB) },
  pairs,
  loss: 'cross-entropy',
};
const document = comparisonDocument('runs/a', 'runs/b', full);

it('tells the test, and who is right where', () => {
  expect(JSON.stringify(document.opening)).toContain('a = runs/a');
  const [agreement] = tablesOf(document);
  expect(agreement?.rows.map(({ cells }) => cells.map(({ value }) => value))).toEqual([
    [2, 2],
    [0, 1],
  ]);
});

it('tells each class with its difference, a class of one text without an interval', () => {
  const classes = tablesOf(document)[1];
  expect(classes?.rows.map(({ name }) => name)).toEqual(['<neutral>', 'neg', 'pos']);
  const [neutral, negative] = classes?.rows ?? [];
  expect(neutral?.cells.map(({ text }) => text)).toEqual([
    '1',
    '0.4000',
    '0.4000',
    '+0.0000',
    '',
    '',
    '1.0000',
    '1.0000',
  ]);
  expect(negative?.cells.map(({ text }) => text).slice(0, 4)).toEqual(['2', '0.2500', '0.5000', '−0.2500']);
});

it('draws every text once, and says what lies too far away', async () => {
  const page = await htmlOf(document);
  expect(page).toContain('&lt;neutral&gt;');
  expect(page).toContain('a has the smaller loss on 3 texts, b on 1 text.');
  const [chart] = document.sections[0]?.blocks ?? [];
  if (chart?.kind !== 'chart') throw new Error('no chart');
  const drawn = JSON.stringify(chart.chart.specification('wide'));
  const texts = [...drawn.matchAll(/"texts":(\d+)/gu)].reduce((sum, [, number]) => sum + Number(number), 0);
  expect(texts).toBe(5);
  const many = {
    ...pairs,
    a: new Float64Array(1000).fill(0.1).fill(9, 0, 1),
    b: new Float64Array(1000).fill(0.2),
  };
  const flags = new Array<boolean>(1000).fill(true);
  const far = comparisonDocument('a', 'b', {
    ...full,
    pairs: { ...many, labels: new Array<string>(1000).fill('x'), rightA: flags, rightB: flags },
  });
  const [first] = far.sections[0]?.blocks ?? [];
  expect(first?.kind === 'chart' ? first.chart.caption : '').toContain(
    'Not shown: 1 text with differences up to 8.80',
  );
});
