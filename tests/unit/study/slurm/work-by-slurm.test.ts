import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import type { ProgressEvent } from '../../../../src/base/events.js';
import { Leases } from '../../../../src/base/storage/lease.js';
import type { ReproduceOptions } from '../../../../src/study/options.js';
import { makePlan, plannedRuns, type PlannedRun } from '../../../../src/study/plan.js';
import { workBySlurm } from '../../../../src/study/slurm/work-by-slurm.js';
import { StudyFolder } from '../../../../src/study/study-folder.js';
import { expectRefused, temporaryFolder } from '../../support.js';
import { leave } from '../support.js';
import { FakeSlurm } from './support.js';

const runs = plannedRuns(
  makePlan({
    options: { preset: 'paper' },
    columns: { vanilla: {} },
    rows: [{ name: 'one', options: {}, columns: ['vanilla'], sizes: ['small'], seeds: [1, 2, 3] }],
  }),
);
const [first, second, third] = runs as [PlannedRun, PlannedRun, PlannedRun];
const all = { total: 3, done: 3, failed: 0, missing: 0, held: 0, open: 0 };

let slurm: FakeSlurm;
let folder: StudyFolder;
let events: ProgressEvent[];

beforeEach(async () => {
  slurm = await FakeSlurm.onPath();
  folder = new StudyFolder(join(await temporaryFolder(), 'study'));
  events = [];
});

async function finish(...finished: readonly PlannedRun[]): Promise<void> {
  for (const run of finished) {
    await folder.prepare(run);
    await folder.note(run, null);
    await leave(folder.runPath(run));
  }
}

/** Calls `then` when progress has been told for the n-th time. */
function work(
  options: ReproduceOptions = {},
  then: Readonly<Record<number, () => unknown>> = {},
  signal?: AbortSignal,
): ReturnType<typeof workBySlurm> {
  let told = 0;
  const onProgress = (event: ProgressEvent): void => {
    events.push(event);
    if (event.kind === 'runs') void then[++told]?.();
  };
  return workBySlurm({ folder, runs, options }, { onProgress, signal }, 300);
}

const texts = (): string[] => events.flatMap((event) => ('text' in event ? [event.text] : []));

it('submits an array whose tasks work on the study, waits for them and tells what they came to', async () => {
  await finish(first);
  await slurm.answers('squeue', 'RUNNING None\nPENDING Priority\n');
  const outcome = await work(
    { jobs: 8, threads: 2, rows: ['one'], keep: 'models', offline: true, slurm: ['--mem=2G'] },
    { 1: () => finish(second), 2: () => finish(third) },
  );
  expect(outcome).toEqual({ runs: all, failures: [] });
  const script = await readFile(join(folder.path, 'slurm', 'job.sh'), 'utf8');
  expect(script).toContain('#SBATCH --array=1-2\n#SBATCH --cpus-per-task=2\n');
  expect(script).toContain('#SBATCH --mem=2G\n');
  expect(script).toContain(`reproduce one --keep models --offline --out ${folder.path} --threads 2 &\n`);
  expect(await slurm.told('sbatch')).toEqual([`sbatch --parsable ${join(folder.path, 'slurm', 'job.sh')}`]);
  expect(await slurm.told('squeue')).toContain('squeue --jobs=42 --array --noheader --format=%T %r');
  // What has not begun has nothing to do.
  expect(await slurm.told('scancel')).toEqual(['scancel --state=PENDING 42']);
  expect(texts()[0]).toMatch(
    /^job 42 is submitted; see it with: squeue --jobs=42; its logs are .*42_\*\.log$/,
  );
  expect(texts().slice(1)).toEqual([
    expect.stringMatching(/^one\/vanilla\/small\/2: test loss 0\.5/),
    expect.stringMatching(/^one\/vanilla\/small\/3: test loss 0\.5/),
  ]);
  expect(events).toContainEqual({
    ...{ kind: 'runs', done: 1, total: 3, secondsLeft: undefined },
    running: ['job 42: 1 running, 1 pending (Priority)'],
  });
});

it('submits nothing where all is done, and asks for no Slurm', async () => {
  await finish(...runs);
  expect((await work()).runs).toEqual(all);
  expect(await slurm.told()).toEqual([]);
});

it('waits for a job that works on the study already, and submits none', async () => {
  await mkdir(join(folder.path, 'slurm'), { recursive: true });
  await writeFile(join(folder.path, 'slurm', 'job'), '41\n');
  await slurm.answers('squeue', 'RUNNING None\n');
  expect((await work({}, { 1: () => finish(...runs) })).runs).toEqual(all);
  expect(texts()[0]).toBe('job 41 works on this study; nothing is submitted');
  expect(await slurm.told('sbatch')).toEqual([]);
});

it('submits another one where that has ended, and says when it leaves runs', async () => {
  await mkdir(join(folder.path, 'slurm'), { recursive: true });
  await writeFile(join(folder.path, 'slurm', 'job'), '41\n');
  await slurm.refuses('squeue', 'slurm_load_jobs error: Invalid job id specified\n');
  expect((await work()).runs).toEqual({ ...all, done: 0, open: 3 });
  expect(await slurm.told('sbatch')).toHaveLength(1);
  expect(await readFile(join(folder.path, 'slurm', 'job'), 'utf8')).toBe('42\n');
  expect(texts().at(-1)).toMatch(/^job 42 has ended and left 3 runs: its logs, .* the same command goes on/);
});

it('leaves the job alone when it is stopped, and says how to go on', async () => {
  const stop = new AbortController();
  await slurm.answers('squeue', 'RUNNING None\n');
  const stopped = work(
    {},
    {
      1: () => {
        stop.abort();
      },
    },
    stop.signal,
  );
  await expectRefused(
    stopped,
    'INTERRUPTED',
    /job 42 goes on without this command/,
    /reproduce --launcher slurm --out .*study; stop it with: scancel 42/,
  );
  expect(await slurm.told('scancel')).toEqual([]);
});

it('goes on waiting while Slurm does not answer, and says so once', async () => {
  await slurm.refuses('squeue', 'Unable to contact slurm controller\n');
  expect((await work({}, { 3: () => finish(...runs) })).runs).toEqual(all);
  expect(texts().filter((text) => text.includes('contact'))).toEqual([
    'squeue failed: Unable to contact slurm controller; asking again',
  ]);
});

it('submits nothing where it is not known whether a job works on the study', async () => {
  await mkdir(join(folder.path, 'slurm'), { recursive: true });
  await writeFile(join(folder.path, 'slurm', 'job'), '41\n');
  await slurm.refuses('squeue', 'Unable to contact slurm controller\n');
  await expectRefused(work(), 'LAUNCHER', /squeue failed: Unable to contact/);
  expect(await slurm.told('sbatch')).toEqual([]);
});

it('submits nothing while another process does', async () => {
  await mkdir(join(folder.path, 'slurm'), { recursive: true });
  await new Leases().take(join(folder.path, 'slurm', 'claim'));
  await expectRefused(work(), 'LAUNCHER', /another process submits/, /in a moment/);
});

it('tells why sbatch refuses, and leaves nothing that looks like a job', async () => {
  await slurm.refuses('sbatch', 'sbatch: error: invalid partition specified: x\n');
  await expectRefused(work(), 'LAUNCHER', /sbatch failed: .*invalid partition specified: x/);
  await expect(readFile(join(folder.path, 'slurm', 'job'))).rejects.toThrow('ENOENT');
  await rm(join(slurm.place, 'sbatch.refusal'));
  await slurm.answers('sbatch', 'hello\n');
  await expectRefused(work(), 'LAUNCHER', /to print the number of a job, got 'hello'/);
});

it('says where there is no Slurm', async () => {
  vi.stubEnv('PATH', '/nowhere');
  await expectRefused(
    work(),
    'LAUNCHER',
    /Slurm's sbatch on the path .*, found none/,
    /where jobs are submitted/,
  );
});

it('lets failed runs be tried again once, not by each task', async () => {
  await finish(first, second);
  await folder.prepare(third);
  await folder.note(third, { code: 'NATIVE', message: 'no memory' });
  const failed = { ...all, done: 2, failed: 1 };
  expect((await work()).runs).toEqual(failed);
  expect(await slurm.told('sbatch')).toEqual([]);
  expect((await work({ retry: true })).runs).toEqual({ ...all, done: 2, open: 1 });
  expect(await slurm.told('sbatch')).toHaveLength(1);
  expect(await readFile(join(folder.path, 'slurm', 'job.sh'), 'utf8')).not.toContain('--retry');
});
