import { expect, it } from 'vitest';
import {
  makePlan,
  parsePlan,
  plannedRuns,
  planText,
  runName,
  type StudyPlan,
} from '../../../src/study/plan.js';
import { planOf } from '../../../src/study/make-plan.js';
import { paperRows } from '../../../src/study/paper-rows.js';
import { advError } from '../support.js';

const plan: StudyPlan = makePlan({
  options: { preset: 'paper', epochs: 3 },
  columns: { vanilla: { regime: 'vanilla' }, soft: { regime: 'adversarial', epsilon: 0.01, epochs: 5 } },
  rows: [
    {
      name: 'six',
      options: { dataset: 'babi-sim-6', epochs: 4 },
      columns: ['vanilla', 'soft'],
      sizes: ['big', 'small'],
      seeds: [4, 2],
    },
    { name: 'one', options: {}, columns: ['vanilla'], sizes: ['small'], seeds: [7] },
  ],
});

it('is a file that people read, and read back the same', () => {
  const text = planText(plan);
  expect(parsePlan('plan.json', text)).toEqual(plan);
  expect(text).toContain('\n    "soft": { "regime": "adversarial", "epsilon": 0.01, "epochs": 5 }\n');
  expect(text.split('\n').filter((line) => line.startsWith('    { "name": '))).toHaveLength(2);
});

it('gives every row and column its first seed before any has its second', () => {
  expect(plannedRuns(plan).map(runName)).toEqual([
    ...[
      'six/vanilla/big/4',
      'six/soft/big/4',
      'six/vanilla/small/4',
      'six/soft/small/4',
      'one/vanilla/small/7',
    ],
    ...['six/vanilla/big/2', 'six/soft/big/2', 'six/vanilla/small/2', 'six/soft/small/2'],
  ]);
});

it('lets columns stand above rows, and rows above the plan', () => {
  const epochs = plannedRuns(plan).map(({ options }) => options.epochs);
  expect(epochs.slice(0, 5)).toEqual([4, 5, 4, 5, 3]);
  expect(plannedRuns(plan)[1]?.options).toEqual({
    ...{ preset: 'paper', epochs: 5, dataset: 'babi-sim-6', regime: 'adversarial', epsilon: 0.01 },
    ...{ size: 'big', seed: 4 },
  });
});

const row = plan.rows[1];
it.each<[object, RegExp]>([
  [{ format: 2 }, /format: expected an integer from 1 to 1, got 2/],
  [{ rows: [{ ...row, name: '../up' }] }, /rows\[0\]\.name: expected a name of letters.*got '\.\.\/up'/],
  [{ rows: [{ ...row, name: '..' }] }, /rows\[0\]\.name: expected a name/],
  [{ rows: [row, row] }, /two rows are called 'one'/],
  [
    { rows: [{ ...row, columns: ['none'] }] },
    /row 'one' has a column 'none', which is not among vanilla, soft/,
  ],
  [{ rows: [{ ...row, columns: ['toString'] }] }, /row 'one' has a column 'toString'/],
  [{ rows: [{ ...row, seeds: [1, 1] }] }, /seeds: expected a list of different seeds, at least one/],
  [{ rows: [{ ...row, seeds: [] }] }, /seeds: expected a list of different seeds, at least one/],
  [{ rows: [{ ...row, sizes: ['huge'] }] }, /sizes: expected a list of different sizes, big or small/],
  [{ rows: [{ ...row, seed: 3 }] }, /rows\[0\]: expected members among name, options/],
  [{ options: { seed: 3 } }, /options: expected options of train\(\).* without out, resume/],
  [{ options: { epoch: 3 } }, /the options of one\/vanilla\/small\/7: unknown option 'epoch'/],
  [{ columns: { vanilla: { epochs: 0 } } }, /the options of one\/vanilla\/small\/7: --epochs: expected/],
])('refuses %j', (change, problem) => {
  const wrong = { ...plan, rows: [row], ...change };
  expect(() => parsePlan('a/plan.json', JSON.stringify(wrong))).toThrow(
    advError('USAGE', new RegExp(`^a/plan.json is no plan: .*${problem.source}`)),
  );
});

it('refuses what is no JSON', () => {
  expect(() => parsePlan('plan.json', '{')).toThrow(advError('USAGE', /plan\.json is no plan: .*JSON/));
});

it('is, where nothing is said, the big models of the paper with five seeds', () => {
  const whole = planOf({});
  expect(whole.options).toMatchObject({ preset: 'paper' });
  expect(whole.rows.map(({ name }) => name)).toEqual(paperRows.map(({ name }) => name));
  expect(whole.rows.every(({ sizes, seeds }) => sizes.join() === 'big' && seeds.join() === '1,2,3,4,5')).toBe(
    true,
  );
  // Every run is one that train() takes.
  expect(parsePlan('plan.json', planText(whole))).toEqual(whole);
});

it('is of the rows, columns, sizes and seeds that are asked for', () => {
  const small = planOf({
    rows: ['dsl-10k'],
    columns: ['dropout'],
    sizes: ['small'],
    seeds: 2,
    preset: 'best',
  });
  expect(plannedRuns(small).map(runName)).toEqual(['dsl-10k/dropout/small/1', 'dsl-10k/dropout/small/2']);
  expect(plannedRuns(small)[0]?.options).toMatchObject({ dataset: 'dsl', limit: 10_000, preset: 'best' });
  expect(() => planOf({ rows: ['dsl'] })).toThrow(
    advError('USAGE', /ROW: expected names among babi-1, .*got 'dsl'/),
  );
  expect(() => planOf({ columns: ['soft'] })).toThrow(
    advError('USAGE', /--columns: expected names among vanilla/),
  );
});

it("holds the paper's Table 1", () => {
  const told = paperRows.filter(({ figures }) => figures !== undefined);
  expect(told).toHaveLength(11);
  // Sums over the cells of the paper's text.
  const cells = told.flatMap(({ figures = [] }) => figures);
  expect(cells).toHaveLength(44);
  expect(cells.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(26.004, 9);
  expect(cells.reduce((sum, { loss }) => sum + loss, 0)).toBeCloseTo(34.93, 9);
});
