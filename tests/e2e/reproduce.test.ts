import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import type { StudyForecast } from '../../src/study/forecast/forecast.js';
import type { StudyResult } from '../../src/report/reproduce.js';
import { expectError, temporaryFolder, Workplace, type Command } from './support.js';

let place: Workplace;
let whole: string;

/** Six runs of a second or less, of which one has no data. */
const plan = JSON.stringify({
  format: 1,
  options: { preset: 'paper', baseline: false, limit: 300, epochs: 2, dataset: 'babi-sim-6' },
  columns: { vanilla: { regime: 'vanilla' }, adversarial: { regime: 'adversarial' } },
  rows: [
    { name: 'six', options: {}, columns: ['vanilla', 'adversarial'], sizes: ['small'], seeds: [1, 2] },
    { name: 'lstm', options: { cell: 'lstm' }, columns: ['vanilla'], sizes: ['small'], seeds: [1] },
    { name: 'lost', options: { dataset: 'babi-1' }, columns: ['vanilla'], sizes: ['small'], seeds: [1] },
  ],
});
const given = ['reproduce', '--plan', 'mine.json', '--offline'];

beforeAll(async () => {
  place = new Workplace(await temporaryFolder());
  await place.write('mine.json', plan);
  const { code, stdout } = await place.run(...given, '--out', 'whole', '--json');
  expect(code).toBe(1);
  const result = JSON.parse(stdout) as StudyResult;
  expect(result.runs).toEqual({ total: 6, done: 5, failed: 0, missing: 1, held: 0, open: 0 });
  expect(result.failures).toMatchObject([{ run: 'lost/vanilla/small/1', code: 'DATA_MISSING' }]);
  expect(result.cells.map(({ row, column, seeds }) => [row, column, seeds])).toEqual([
    ['six', 'vanilla', 2],
    ['six', 'adversarial', 2],
    ['lstm', 'vanilla', 1],
  ]);
  expect(result.report).toBe(join('whole', 'report.html'));
  expect(await place.text('whole', 'report.html')).toContain('Does adversarial training help?');
  whole = await timeless('whole');
});

/** summary.csv as it is, and table.csv without the seconds, which no two studies share. */
async function timeless(study: string): Promise<string> {
  const text = await readFile(join(place.folder, study, 'table.csv'), 'utf8');
  const summary = await readFile(join(place.folder, study, 'summary.csv'), 'utf8');
  return text.replaceAll(/,[\d.]*(,[^,\n]*\n)/gu, '$1') + summary;
}

it('gives the tables that an undisturbed study gives, however often its processes are killed', async () => {
  const start = (): Command => place.start(...given, '--out', 'killed', '--keep', 'models');
  let workers = [start(), start()];
  for (const wait of [700, 1100, 1700, 300]) {
    await setTimeout(wait);
    workers[0]?.child.kill('SIGKILL');
    await workers[0]?.ended;
    workers = [...workers.slice(1), start()];
  }
  await Promise.all(workers.map(({ ended }) => ended));
  const { stdout } = await place.run(...given, '--out', 'killed', '--json');
  expect((JSON.parse(stdout) as StudyResult).runs).toMatchObject({ done: 5, missing: 1 });
  expect(await timeless('killed')).toBe(whole);
});

it('saves its runs on Ctrl-C and names the command that continues it', async () => {
  const { code, stderr } = await place.start(...given, '--out', 'stopped').stopped('SIGINT', 'begins', 300);
  expect(code).toBe(130);
  expect(stderr).toMatch(/Continue it with: npx advnative reproduce --out stopped/);
  expect(await readdir(join(place.folder, 'stopped'))).toEqual(['plan.json', 'runs', 'table.csv']);
  const rest = await place.run('reproduce', '--offline', '--out', 'stopped', '--jobs', '2');
  expect(rest.code).toBe(1);
  expect(rest.stdout).toMatch(/^six +adversarial +2 +\d\.\d{4} .* to [+-]/mu);
  expect(rest.stdout).toMatch(
    /^lost\/vanilla\/small\/1 .*in none of the places tried; .*not allowed \(offline\)/mu,
  );
  expect(await timeless('stopped')).toBe(whole);
});

it('tells with --dry-run what a study would cost, and leaves nothing behind', async () => {
  const before = await readdir(place.folder);
  const dry = async (...args: string[]) => place.run('reproduce', '--dry-run', ...args);
  const told = await dry('--plan', 'mine.json', '--out', 'planned', '--json');
  expect(told.code).toBe(0);
  const forecast = JSON.parse(told.stdout) as StudyForecast;
  expect(forecast).toMatchObject({ study: 'planned', runs: 6, done: 0, left: 6, unknown: 0 });
  expect(forecast.rows.map(({ row, size, runs }) => [row, size, runs])).toEqual([
    ['six', 'small', 4],
    ['lstm', 'small', 1],
    ['lost', 'small', 1],
  ]);
  expect(forecast.wall.map(({ cores }) => cores)).toEqual([2, 16, 128]);
  // Of the finished study all is done but the run without data.
  const { stdout, stderr } = await dry('--out', 'whole');
  expect(stderr).toMatch(/^timing steps of lost \(small\)$/mu);
  expect(stdout).toMatch(/^six +small +4 +4 +0 +here +300 +[\d,]+ +2 measured +/mu);
  expect(stdout).toMatch(/^lost +small +1 +0 +1 +by description +300 .* at most 2 +[\d.]+ +timed steps +/mu);
  expect(stdout).toMatch(/^lost: size by the corpus' description, not here .*in none of the places tried/mu);
  expect(stdout).toMatch(/^runs +6 runs: 5 done, 1 left$/mu);
  expect(stdout).toMatch(/[\d.]+ hours on 2 cores, [\d.]+ hours on 16 cores, [\d.]+ hours on 128 cores/u);
  expect(await readdir(place.folder)).toEqual(before);
  for (const wrong of [
    ['--launcher', 'slurm'],
    ['--shard', '1/2'],
    ['--jobs', '2'],
    ['--keep', 'all'],
  ]) {
    const message = new RegExp(
      `^${wrong[0] ?? ''} cannot be combined with --dry-run, which trains nothing`,
      'u',
    );
    expectError(await dry(...wrong, '--json'), 2, 'USAGE', message, /Leave it out/);
  }
});

it('takes rows of a plan that is there, and refuses another plan', async () => {
  const { stdout } = await place.run('reproduce', 'six', '--out', 'whole', '--json');
  expect((JSON.parse(stdout) as StudyResult).runs).toMatchObject({ total: 4, done: 4 });
  const wrong = async (...args: string[]) => place.run('reproduce', ...args, '--json');
  const other = /whole\/plan\.json is another plan/;
  expectError(await wrong('--out', 'whole', '--seeds', '2'), 2, 'USAGE', other, /go on with that plan/);
  expectError(await wrong('seven', '--out', 'whole'), 2, 'USAGE', /names among six, lstm, lost, got 'seven'/);
  await place.write('mine/run-1/run.json', '{}');
  expectError(
    await wrong('--out', 'mine'),
    2,
    'USAGE',
    /--out to name a study or a new folder, got mine, which holds run-1/,
  );
  expectError(await wrong('--plan', 'none.json'), 2, 'USAGE', /--plan to name a plan, got none\.json/);
  expectError(
    await wrong('--plan', 'mine.json', '--seeds', '2'),
    2,
    'USAGE',
    /cannot be combined with --plan/,
  );
  expectError(await wrong('--shard', '3/2'), 2, 'USAGE', /--shard: expected i\/n/);
  expectError(await wrong('--seeds', '0'), 2, 'USAGE', /--seeds: expected an integer from 1/);
});
