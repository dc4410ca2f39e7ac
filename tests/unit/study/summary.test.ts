import { parse } from 'csv-parse/sync';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pairedTTest } from '../../../src/statistics/paired-t-test.js';
import { makePlan, plannedRuns } from '../../../src/study/plan.js';
import { StudyFolder } from '../../../src/study/study-folder.js';
import { analyseStudy } from '../../../src/study/analysis/analyse.js';
import { studySummary } from '../../../src/study/summary.js';
import { writeLosses } from '../../../src/training/loss-file.js';
import { runPaths } from '../../../src/training/run-paths.js';
import { temporaryFolder } from '../support.js';
import { leave } from './support.js';

const plan = makePlan({
  options: {},
  columns: {
    adversarial: { regime: 'adversarial' },
    vanilla: { regime: 'vanilla' },
    dropout: { regime: 'dropout' },
  },
  rows: [
    {
      name: 'babi-6',
      options: {},
      columns: ['adversarial', 'vanilla', 'dropout'],
      sizes: ['big'],
      seeds: [1, 2, 3],
    },
    { name: 'own', options: {}, columns: ['vanilla'], sizes: ['small'], seeds: [1] },
    { name: 'open', options: {}, columns: ['vanilla'], sizes: ['small'], seeds: [1] },
  ],
});

/** Test losses of four examples, by column and seed. */
const lossesOf: Readonly<Record<string, (seed: number) => number[]>> = {
  vanilla: (seed) => [0.5, 0.6, 0.7, 0.8 + seed / 10],
  adversarial: (seed) => [0.4, 0.5, 0.6 + seed / 100, 0.7 + seed / 10],
  dropout: (seed) => [0.5, 0.7, 0.7 - seed / 10, 0.8 + seed / 10],
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

async function studied(): Promise<StudyFolder> {
  const folder = new StudyFolder(join(await temporaryFolder(), 'study'));
  for (const run of plannedRuns(plan)) {
    if (run.row === 'open') continue;
    const directory = folder.runPath(run);
    const losses = lossesOf[run.column]?.(run.seed) ?? [];
    await leave(directory, 'done', { n: 4, loss: mean(losses), accuracy: run.seed / 4, macroF1: 0.5 });
    await folder.note(run, null);
    await writeLosses(runPaths(directory).losses, rowsOf(losses, run.seed));
  }
  return folder;
}

/** @param right how many are predicted right */
async function* rowsOf(losses: readonly number[], right: number) {
  await Promise.resolve();
  yield losses.map((loss, place) => ({
    ...{ id: `${place}`, textHash: `${place}`.repeat(32), label: 'a', loss },
    prediction: place < right ? 'a' : 'b',
  }));
}

const number = (line: Readonly<Record<string, string>>, column: string): number => Number(line[column]);

it('tells means with intervals, and how each column differs from vanilla', async () => {
  const { csv, cells } = studySummary(await analyseStudy(await studied(), plan));
  const lines = parse<Record<string, string>>(csv, { columns: true });
  expect(lines.map(({ row, column, size, seeds }) => [row, column, size, seeds])).toEqual([
    ['babi-6', 'adversarial', 'big', '3'],
    ['babi-6', 'vanilla', 'big', '3'],
    ['babi-6', 'dropout', 'big', '3'],
    ['own', 'vanilla', 'small', '1'],
  ]);
  const [adversarial = {}, vanilla = {}, dropout = {}, own = {}] = lines;
  const means = (column: string): number[] => [1, 2, 3].map((seed) => mean(lossesOf[column]?.(seed) ?? []));
  const test = pairedTTest(means('adversarial'), means('vanilla'));
  expect(number(adversarial, 'difference')).toBeCloseTo(
    mean(means('adversarial')) - mean(means('vanilla')),
    12,
  );
  expect(number(adversarial, 'differenceHigh')).toBeLessThan(0);
  expect(number(adversarial, 'p')).toBeCloseTo(test.p, 12);
  expect(number(adversarial, 'dz')).toBeCloseTo(test.cohensDz, 8);
  expect(number(adversarial, 'pPermutation')).toBe(0.25);
  expect(number(adversarial, 'asoEpsilonMin')).toBeLessThan(0.5);
  // Two cells were compared: the smaller p counts twice.
  expect(number(adversarial, 'pHolm')).toBeCloseTo(2 * test.p, 12);
  expect(dropout['pHolm']).toBe(dropout['p']);
  expect(adversarial).toMatchObject({
    measure: 'accuracy',
    paperScore: '0.672',
    paperLoss: '0.636',
  });
  expect(number(adversarial, 'accuracy')).toBeCloseTo(0.5, 12);
  expect(vanilla).toMatchObject({ difference: '', p: '', pHolm: '', paperLoss: '0.694' });
  expect(number(vanilla, 'lossLow')).toBeLessThan(number(vanilla, 'loss'));
  expect(cells.map(({ row, column }) => `${row}/${column}`)).toEqual(
    lines.map(({ row, column }) => `${row}/${column}`),
  );
  expect(cells[0]).toMatchObject({
    seeds: 3,
    difference: number(adversarial, 'difference'),
    pHolm: expect.closeTo(2 * test.p, 12) as number,
  });
  expect(cells[0]?.ci95?.[1]).toBe(number(adversarial, 'differenceHigh'));
  expect(cells[1]).toMatchObject({
    loss: number(vanilla, 'loss'),
    difference: null,
    ci95: null,
    pHolm: null,
  });
  expect(own).toMatchObject({ accuracyLow: '', difference: '', paperLoss: '' });
});
