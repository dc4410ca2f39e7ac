import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { analyseStudy } from '../../../../src/study/analysis/analyse.js';
import type { StudyAnalysis } from '../../../../src/study/analysis/study-analysis.js';
import { makePlan, plannedRuns } from '../../../../src/study/plan.js';
import { StudyFolder } from '../../../../src/study/study-folder.js';
import { writeLosses } from '../../../../src/training/loss-file.js';
import { runPaths } from '../../../../src/training/run-paths.js';
import { temporaryFolder } from '../../support.js';
import { leave } from '../support.js';

const plan = makePlan({
  options: { preset: 'paper' },
  columns: { vanilla: { regime: 'vanilla' }, adversarial: { regime: 'adversarial' } },
  rows: [
    {
      name: 'babi-6',
      options: { dataset: 'babi-6' },
      columns: ['vanilla', 'adversarial'],
      sizes: ['big'],
      seeds: [1, 2],
    },
    {
      name: 'czech-mall-char',
      options: { dataset: 'czech-mall', level: 'char' },
      columns: ['vanilla'],
      sizes: ['big'],
      seeds: [1],
    },
    {
      name: 'own',
      options: { train: 'x.tsv', cell: 'lstm' },
      columns: ['vanilla'],
      sizes: ['small'],
      seeds: [1],
    },
  ],
});

async function studied(): Promise<StudyAnalysis> {
  const folder = new StudyFolder(join(await temporaryFolder(), 'a study'));
  for (const run of plannedRuns(plan)) {
    const directory = folder.runPath(run);
    if (run.row === 'czech-mall-char') {
      await folder.prepare(run);
      await folder.note(run, { code: 'DATA_MISSING', message: 'no corpus here' });
    }
    if (run.row !== 'babi-6') continue;
    const loss = run.column === 'vanilla' ? 0.6 : 0.5 + run.seed / 100;
    await leave(directory, 'done', { n: 3, loss, accuracy: 2 / 3, macroF1: 0.6 });
    await folder.note(run, null);
    await writeLosses(runPaths(directory).losses, rowsOf(loss));
  }
  return analyseStudy(folder, plan);
}

async function* rowsOf(loss: number, labels = ['a', 'b', 'b']) {
  await Promise.resolve();
  yield labels.map((label, place) => ({
    ...{ id: `${place}`, textHash: `${place}`.repeat(32), label, prediction: 'b', loss },
  }));
}

it('counts runs, and tells each with the command that trains it', async () => {
  const analysis = await studied();
  expect(analysis.runs).toEqual({ total: 6, done: 4, failed: 0, missing: 1, open: 1 });
  expect(analysis.command).toMatch(/^npx advnative reproduce --out '.*a study'$/u);
  expect(analysis.everyRun.map(({ status }) => status)).toEqual([
    'done',
    'done',
    'missing',
    'waiting',
    'done',
    'done',
  ]);
  expect(analysis.everyRun[0]).toMatchObject({
    name: 'babi-6/vanilla/big/1',
    command: 'npx advnative train --dataset babi-6 --preset paper --regime vanilla --size big --seed 1',
    test: { n: 3, loss: 0.6 },
    selectedEpoch: 1,
    failure: null,
  });
  expect(analysis.everyRun.map(({ version }) => version).slice(0, 3)).toEqual(['unknown', 'unknown', null]);
  expect(analysis.everyRun[2]).toMatchObject({ test: null, failure: { code: 'DATA_MISSING' } });
});

it('tells each row with its cells, or why it has none', async () => {
  const analysis = await studied();
  const [babi, mall, own] = analysis.rows;
  expect(babi).toMatchObject({
    title: 'bAbI 6',
    measure: 'accuracy',
    loss: 'cross-entropy',
    cell: 'gru',
    failures: [],
  });
  // Its runs were recorded by an earlier version.
  expect(babi?.data).toMatchObject({ language: null, classBalance: null, trainingTexts: null });
  expect(mall).toMatchObject({ data: null, failures: ['no corpus here'], cells: [] });
  expect(own).toMatchObject({ title: 'own', cell: 'lstm', size: 'small', cells: [] });
  const [vanilla, adversarial] = babi?.cells ?? [];
  expect(vanilla).toMatchObject({ column: 'vanilla', seeds: [1, 2], fromVanilla: null, lossAlong: null });
  expect(vanilla?.loss).toMatchObject({ n: 2, mean: 0.6 });
  expect(adversarial?.fromVanilla?.difference).toBeCloseTo(-0.085, 12);
  expect(adversarial?.fromVanilla?.overSeeds?.seeds).toBe(2);
  // ln 2 is 0.693.
  expect([vanilla, adversarial].map((cell) => cell?.paper)).toEqual([
    { score: 0.479, loss: 0.694, learnt: 'no' },
    { score: 0.672, loss: 0.636, learnt: 'yes' },
  ]);
});

it('adds up the predictions of all seeds', async () => {
  const analysis = await studied();
  const cell = analysis.rows[0]?.cells[1];
  expect(cell?.confusion).toEqual([
    [0, 2],
    [0, 4],
  ]);
  expect(cell?.perClass).toMatchObject([
    { label: 'a', recall: 0 },
    { label: 'b', recall: 1 },
  ]);
});

it('refuses a damaged run, naming it', async () => {
  const folder = new StudyFolder((await studied()).study);
  const [run] = plannedRuns(plan);
  if (run === undefined) throw new Error('a plan without runs');
  const { history, losses } = runPaths(folder.runPath(run));
  await writeLosses(losses, rowsOf(0.6, ['b', 'b', 'c']));
  await expect(analyseStudy(folder, plan)).rejects.toMatchObject({
    code: 'RUN_DIRECTORY',
    message: expect.stringContaining("label 'c'") as string,
  });
  await writeFile(history, '{');
  await expect(analyseStudy(folder, plan)).rejects.toMatchObject({ code: 'RUN_DIRECTORY' });
});
