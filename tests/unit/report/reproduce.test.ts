import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reproduce } from '../../../src/report/reproduce.js';
import { makePlan, plannedRuns, type PlannedRun } from '../../../src/study/plan.js';
import { StudyFolder } from '../../../src/study/study-folder.js';
import { writeLosses } from '../../../src/training/loss-file.js';
import { runPaths } from '../../../src/training/run-paths.js';
import { leave } from '../study/support.js';
import { temporaryFolder } from '../support.js';

const plan = makePlan({
  options: {},
  columns: { vanilla: { regime: 'vanilla' } },
  rows: [{ name: 'mine', options: {}, columns: ['vanilla'], sizes: ['big'], seeds: [1, 2] }],
});

async function finish(folder: StudyFolder, run: PlannedRun): Promise<void> {
  await leave(folder.runPath(run), 'done', { n: 1, loss: 0.5, accuracy: 1, macroF1: 1 });
  await folder.note(run, null);
  await writeLosses(runPaths(folder.runPath(run)).losses, oneLoss());
}

async function* oneLoss() {
  await Promise.resolve();
  yield [{ id: '1', textHash: 'a'.repeat(32), label: 'a', prediction: 'a', loss: 0.5 }];
}

it('writes the page once no run is left to others', async () => {
  const out = join(await temporaryFolder(), 'study');
  const page = join(out, 'report.html');
  const folder = new StudyFolder(out);
  await folder.createPlan(plan);
  const [first, second] = plannedRuns(plan);
  if (first === undefined || second === undefined) throw new Error('expected two runs');
  await finish(folder, first);
  const share = await reproduce({ out, shard: '1/2' });
  expect(share).toMatchObject({ runs: { done: 1, open: 1 }, report: null });
  expect(await readFile(share.table, 'utf8')).toContain('waiting');
  await expect(stat(page)).rejects.toThrow('ENOENT');

  await finish(folder, second);
  const whole = await reproduce({ out, shard: '2/2' });
  expect(whole).toMatchObject({ runs: { done: 2, open: 0 }, report: page });
  expect(await readFile(page, 'utf8')).toContain('2 of 2 runs done.');
});
