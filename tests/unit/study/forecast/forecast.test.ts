import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { forecastStudy, type ForecastOptions, type StudyForecast } from '../../../../src/index.js';
import { makePlan, plannedRuns, type PlannedRun, type StudyPlan } from '../../../../src/study/plan.js';
import { StudyFolder } from '../../../../src/study/study-folder.js';
import { historyLines } from '../../../../src/training/history.js';
import { runPaths } from '../../../../src/training/run-paths.js';
import { train } from '../../../../src/training/train.js';
import {
  expectInterrupted,
  expectRefused,
  matching,
  temporaryFolder,
  withoutCorpora,
} from '../../support.js';
import { epochRecord } from '../../training/support.js';
import { leave } from '../support.js';

const six: StudyPlan = makePlan({
  options: { preset: 'paper', baseline: false, dataset: 'babi-sim-6', limit: 600, epochs: 4 },
  columns: { vanilla: { regime: 'vanilla' }, adversarial: { regime: 'adversarial' } },
  rows: [{ name: 'six', options: {}, columns: ['vanilla', 'adversarial'], sizes: ['small'], seeds: [1, 2] }],
});

/** What is told of a plan in a folder that may hold runs. */
async function forecast(plan: StudyPlan, options: ForecastOptions = {}): Promise<StudyForecast> {
  const out = options.out ?? join(await temporaryFolder(), 'study');
  const path = join(await temporaryFolder(), 'plan.json');
  await writeFile(path, JSON.stringify(plan));
  return forecastStudy({ ...options, plan: path, out });
}

it('tells how long a real run takes a core', async () => {
  const { rows, coreHours, wall } = await forecast(six);
  const [vanilla, adversarial] = rows[0]?.columns ?? [];
  expect(vanilla).toMatchObject({ epochs: 4, epochsBy: 'recipe', secondsBy: 'timed steps', left: 2 });
  expect(vanilla?.data).toMatchObject({ texts: 600, classes: 2 });
  const seconds = vanilla?.seconds ?? Number.NaN;
  const longer = (adversarial?.seconds ?? Number.NaN) / seconds;
  expect(longer).toBeGreaterThan(1.3);
  expect(longer).toBeLessThan(3);
  expect(3600 * coreHours).toBeCloseTo(2 * seconds * (1 + longer), 6);
  // On two cores, in the plan's order: vanilla beside adversarial, then each once more.
  expect(wall.map(({ cores }) => cores)).toEqual([2, 16, 128]);
  expect(3600 * (wall[2]?.hours ?? 0)).toBeCloseTo(seconds * longer, 6);

  const out = join(await temporaryFolder(), 'run');
  const began = process.cpuUsage();
  await train({ ...plannedRuns(six)[0]?.options, threads: 1, out });
  const { user, system } = process.cpuUsage(began);
  const measured = (user + system) / 1e6;
  expect(seconds / measured).toBeGreaterThan(1 / 6);
  expect(seconds / measured).toBeLessThan(2);
});

it('takes from finished runs how long the others take, and counts what is left', async () => {
  const folder = new StudyFolder(join(await temporaryFolder(), 'study'));
  await folder.createPlan(six);
  const [run] = plannedRuns(six) as [PlannedRun];
  await folder.prepare(run);
  await folder.note(run, null);
  await leave(folder.runPath(run));
  const history = [0, 1].map((epoch) => ({
    ...epochRecord,
    ...{ epoch, seconds: epoch === 0 ? 1 : 11, trainSeconds: 10 * epoch },
  }));
  await writeFile(runPaths(folder.runPath(run)).history, historyLines(history));
  const { runs, done, left, rows, coreHours, wall } = await forecast(six, { out: folder.path });
  expect({ runs, done, left }).toEqual({ runs: 4, done: 1, left: 3 });
  const [vanilla, adversarial] = rows[0]?.columns ?? [];
  expect(vanilla).toMatchObject({ done: 1, left: 1, epochs: 1, epochsBy: 'finished runs' });
  // An epoch of 10 seconds, 20 with the perturbed pass, and two validations.
  expect([vanilla?.seconds, vanilla?.secondsBy]).toEqual([expect.closeTo(12, 6), 'finished runs']);
  expect([adversarial?.seconds, adversarial?.secondsBy]).toEqual([expect.closeTo(22, 6), 'other columns']);
  expect(3600 * coreHours).toBeCloseTo(22 + 12 + 22, 6);
  expect(3600 * (wall[0]?.hours ?? 0)).toBeCloseTo(12 + 22, 6);
});

it('has a figure for every row of the paper without any data', async () => {
  await withoutCorpora();
  const options = { preset: 'best', columns: ['vanilla'], sizes: ['small'], seeds: 1 } as const;
  const out = join(await temporaryFolder(), 'study');
  const rows = ['babi-1', 'czech-mall', 'dsl-10k'];
  const { rows: told, unknown } = await forecastStudy({ ...options, rows, out });
  expect(unknown).toBe(0);
  expect(told.map(({ row }) => row)).toEqual(rows);
  for (const { columns } of told) {
    expect(columns[0]?.missing).toMatch(/in none of the places tried/u);
    expect(columns[0]?.seconds).toBeGreaterThan(0);
  }
  // The preset's epochs follow from how many texts there are.
  expect(told.map(({ columns }) => columns[0]?.epochs)).toEqual([40, 3, 5]);
});

it('says what it cannot know, and leaves it out of the hours', async () => {
  const row = { columns: ['usual'], sizes: ['big'], seeds: [1, 2] } as const;
  const lost = makePlan({
    options: {},
    columns: { usual: {} },
    rows: [
      { ...row, name: 'lost', options: { train: 'none.tsv' } },
      { ...row, name: 'large', options: { preset: 'paper', hidden: 200_000 } },
    ],
  });
  const { rows, unknown, coreHours } = await forecast(lost);
  expect(rows[0]?.columns[0]).toMatchObject({
    data: null,
    seconds: null,
    unknown: matching(/none\.tsv/u),
  });
  expect(rows[1]?.columns[0]).toMatchObject({ seconds: null, unknown: matching(/a model of at most/u) });
  expect([unknown, coreHours]).toEqual([4, 0]);
});

it('refuses options that say how runs are carried out, and ends when it is told to', async () => {
  const threads = { threads: 2 } as ForecastOptions;
  await expectRefused(
    forecastStudy(threads),
    'USAGE',
    /--threads cannot be combined with --dry-run/u,
    /one run a core/u,
  );
  await expectRefused(forecastStudy({ seeds: 0 }), 'USAGE', /--seeds: expected an integer from 1/u, /^$/u);
  const out = join(await temporaryFolder(), 'study');
  await expectInterrupted(forecastStudy({ rows: ['babi-1'], out }, { signal: AbortSignal.abort() }));
});
