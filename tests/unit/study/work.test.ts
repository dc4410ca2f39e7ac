import { EventEmitter, once } from 'node:events';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { AdvError, type AdvErrorCode } from '../../../src/base/errors.js';
import type { ProgressEvent, Watch } from '../../../src/base/events.js';
import { Leases, type LeaseTimes } from '../../../src/base/storage/lease.js';
import type { TrainOptions } from '../../../src/recipe/table.js';
import type { ReproduceOptions } from '../../../src/study/options.js';
import { makePlan, plannedRuns, type PlannedRun } from '../../../src/study/plan.js';
import { StudyFolder } from '../../../src/study/study-folder.js';
import { studyTable } from '../../../src/study/table.js';
import { workOn } from '../../../src/study/work.js';
import { runPaths } from '../../../src/training/run-paths.js';
import { epochRecord } from '../training/support.js';
import { expectRefused, temporaryFolder } from '../support.js';
import { leave } from './support.js';

const plan = makePlan({
  options: { preset: 'paper' },
  columns: { vanilla: { regime: 'vanilla' }, dropout: { regime: 'dropout' } },
  rows: [{ name: 'one', options: {}, columns: ['vanilla', 'dropout'], sizes: ['small'], seeds: [1, 2, 3] }],
});
const runs = plannedRuns(plan);
const [firstRun, secondRun] = runs as [PlannedRun, PlannedRun];
const names = [
  'vanilla/small/1',
  'dropout/small/1',
  'vanilla/small/2',
  'dropout/small/2',
  'vanilla/small/3',
  'dropout/small/3',
];

/** A study whose runs take no time: what they were told, and what becomes of them. */
class Study {
  readonly told: TrainOptions[] = [];
  readonly events: ProgressEvent[] = [];
  most = 0;
  #now = 0;

  private constructor(
    readonly folder: StudyFolder,
    readonly train: (options: TrainOptions, watch: Watch) => Promise<void>,
  ) {}

  static async with(
    train: (options: TrainOptions, watch: Watch) => Promise<void> = ({ out, resume }) =>
      leave(out ?? resume ?? ''),
    folder?: StudyFolder,
  ): Promise<Study> {
    return new Study(folder ?? new StudyFolder(join(await temporaryFolder(), 'study')), train);
  }

  work(options: ReproduceOptions = {}, signal?: AbortSignal, times?: LeaseTimes): ReturnType<typeof workOn> {
    const leases = times === undefined ? {} : { leases: new Leases(times) };
    const trainOne = async (said: TrainOptions, watch: Watch): Promise<void> => {
      this.told.push(said);
      this.most = Math.max(this.most, ++this.#now);
      try {
        await Promise.resolve();
        await this.train(said, watch);
      } finally {
        this.#now -= 1;
      }
    };
    const watch = { signal, onProgress: (event: ProgressEvent) => this.events.push(event) };
    return workOn({ folder: this.folder, runs, options, trainOne, ...leases }, watch);
  }

  /** The runs that were trained, by their directories. */
  get trained(): string[] {
    return this.told.map(({ out, resume }) => (out ?? resume ?? '').split('one/')[1] ?? '');
  }

  async table(): Promise<string[]> {
    return (await studyTable(this.folder, runs)).trim().split('\n');
  }
}

const failing = (code: AdvErrorCode, ...at: readonly string[]) => {
  return async ({ out = '' }: TrainOptions): Promise<void> => {
    if (at.some((name) => out.endsWith(name))) throw new AdvError(code, 'it went wrong');
    await leave(out);
  };
};

const all = { total: 6, done: 6, failed: 0, missing: 0, held: 0, open: 0 };

it('carries out all runs in their order and leaves what a table needs', async () => {
  const study = await Study.with();
  expect(await study.work({ threads: 3 })).toEqual({ runs: all, failures: [] });
  expect(study.trained).toEqual(names);
  expect(study.told[1]).toEqual({
    ...{ preset: 'paper', regime: 'dropout', size: 'small', seed: 1, threads: 3 },
    out: study.folder.runPath(secondRun),
  });
  const [header, first, ...others] = await study.table();
  expect(header).toBe(
    'row,column,size,cell,preset,seed,status,n,loss,accuracy,macroF1,bestEpoch,epochs,seconds,warnings',
  );
  expect(first).toBe(
    `one,vanilla,small,gru,paper,1,done,4,0.5,0.75,0.7,1,1,${(2 * epochRecord.seconds).toString()},`,
  );
  expect(others).toHaveLength(5);
  const left = await readdir(dirname(study.folder.runPath(firstRun)), { recursive: true });
  expect(left.filter((name) => name.startsWith('1')).sort()).toEqual([
    '1',
    '1.json',
    '1/history.jsonl',
    '1/run.json',
  ]);
});

it('keeps models, or everything, where it is told to', async () => {
  for (const [keep, parts] of [
    ['models', ['history.jsonl', 'model.onnx', 'run.json']],
    ['all', ['checkpoint', 'history.jsonl', 'model.onnx', 'run.json']],
  ] as const) {
    const study = await Study.with();
    await study.work({ keep });
    expect((await readdir(study.folder.runPath(firstRun))).sort()).toEqual(parts);
  }
});

it('carries out several at a time, which share the threads', async () => {
  // Nobody ends before three have begun.
  const three = new EventEmitter();
  const met = once(three, 'met');
  let begun = 0;
  const study = await Study.with(async ({ out = '' }) => {
    if (++begun === 3) three.emit('met');
    await met;
    await leave(out);
  });
  expect((await study.work({ jobs: 3, threads: 8 })).runs).toEqual(all);
  expect(study.most).toBe(3);
  expect(new Set(study.told.map(({ threads }) => threads))).toEqual(new Set([2]));
  expect(study.trained.sort()).toEqual([...names].sort());
});

it('does nothing twice', async () => {
  const study = await Study.with();
  await study.work();
  const again = await Study.with(undefined, study.folder);
  expect((await again.work()).runs).toEqual(all);
  expect(again.trained).toEqual([]);
});

it('goes on with the others when a run fails, and tries it once more where it is told to', async () => {
  const study = await Study.with(failing('NOT_FINITE', 'dropout/small/1'));
  const failure = { run: 'one/dropout/small/1', code: 'NOT_FINITE', message: 'it went wrong' };
  expect(await study.work()).toEqual({ runs: { ...all, done: 5, failed: 1 }, failures: [failure] });
  expect((await study.table())[2]).toBe('one,dropout,small,gru,paper,1,failed,,,,,,,,NOT_FINITE');
  expect(study.events).toContainEqual({ kind: 'notice', text: 'one/dropout/small/1: failed: it went wrong' });
  const again = await Study.with(undefined, study.folder);
  expect((await again.work()).failures).toEqual([failure]);
  expect((await again.work({ retry: true })).runs).toEqual(all);
  expect(again.trained).toEqual(['dropout/small/1']);
});

it('looks for missing data each time it is called', async () => {
  const study = await Study.with(failing('DATA_MISSING', 'vanilla/small/3'));
  expect((await study.work()).runs).toEqual({ ...all, done: 5, missing: 1 });
  const again = await Study.with(undefined, study.folder);
  expect((await again.work()).runs).toEqual(all);
});

it('goes on with a run that was stopped, from its checkpoint', async () => {
  const stop = new AbortController();
  const study = await Study.with(async ({ out = '' }, { signal }) => {
    if (!out.endsWith('dropout/small/1')) return leave(out);
    await leave(out, 'interrupted');
    stop.abort();
    expect(signal?.aborted).toBe(true);
    throw new AdvError('INTERRUPTED', 'stopped');
  });
  await expectRefused(study.work({}, stop.signal), 'INTERRUPTED', /study was stopped/, /reproduce --out/);
  expect((await study.table())[2]).toMatch(/^one,dropout,small,gru,paper,1,begun,/);
  const again = await Study.with(undefined, study.folder);
  expect((await again.work({ threads: 1 })).runs).toEqual(all);
  expect(again.told[0]).toEqual({ resume: study.folder.runPath(secondRun), threads: 1 });
});

it('begins a run anew that was killed before it had a record', async () => {
  const study = await Study.with();
  const directory = study.folder.runPath(firstRun);
  await mkdir(join(directory, 'checkpoint'), { recursive: true });
  await study.folder.note(firstRun, null);
  await writeFile(runPaths(directory).lock, JSON.stringify({ pid: 99, host: `not-${hostname()}`, since: 1 }));
  expect((await study.work()).runs).toEqual(all);
  expect(study.told[0]).toHaveProperty('out', directory);
});

it('leaves runs alone that another process works on', async () => {
  const study = await Study.with();
  const claim = await claimElsewhere(study);
  const beat = setInterval(() => void utimes(claim, new Date(), new Date()), 20);
  onTestFinished(() => {
    clearInterval(beat);
  });
  const patient = { beat: 200, patience: 300_000 };
  expect((await study.work({}, undefined, patient)).runs).toEqual({ ...all, done: 5, held: 1 });
  expect(study.trained).toEqual(names.slice(1));
  // It has finished, and its claim is not given back yet.
  await study.folder.note(firstRun, null);
  await leave(study.folder.runPath(firstRun));
  expect((await study.work()).runs).toEqual(all);
});

it('waits for those that seem to work elsewhere, and does their runs where they do not show that they live', async () => {
  const study = await Study.with();
  await claimElsewhere(study);
  expect((await study.work({}, undefined, { beat: 20, patience: 300 })).runs).toEqual(all);
  expect(study.trained).toEqual([...names.slice(1), names[0]]);
});

it('stops waiting for them when it is stopped', async () => {
  const study = await Study.with();
  await claimElsewhere(study);
  const working = study.work({}, AbortSignal.timeout(1000));
  await expectRefused(working, 'INTERRUPTED', /study was stopped/);
  expect(study.trained).toEqual(names.slice(1));
});

/** Lets a process that this one cannot see hold the first run. */
async function claimElsewhere({ folder }: Study): Promise<string> {
  await folder.prepare(firstRun);
  const claim = folder.claimPath(firstRun);
  await writeFile(claim, JSON.stringify({ pid: 99, host: 'another', processes: '' }));
  return claim;
}

it('carries out each run once where several processes work', async () => {
  const study = await Study.with();
  const others = await Promise.all([1, 2, 3].map(() => Study.with(undefined, study.folder)));
  await Promise.all(others.map((one) => one.work({ jobs: 2 })));
  expect(others.flatMap(({ trained }) => trained).sort()).toEqual([...names].sort());
});

it('carries out its share where it is told to', async () => {
  const study = await Study.with();
  expect((await study.work({ shard: '2/4' })).runs).toEqual({ ...all, done: 2, open: 4 });
  expect(study.trained).toEqual([names[1], names[5]]);
});

it('refuses runs that are of other options, or that it did not make', async () => {
  const study = await Study.with();
  await study.work();
  const changed = [{ ...firstRun, options: { ...firstRun.options, epochs: 3 } }];
  await expectRefused(
    studyTable(study.folder, changed),
    'RUN_DIRECTORY',
    /other options than the plan.*"epochs":3/,
  );
  await rm(`${study.folder.runPath(firstRun)}.json`);
  await expectRefused(study.work(), 'RUN_DIRECTORY', /is a run that this study did not make/, /remove/);
  await writeFile(`${study.folder.runPath(firstRun)}.json`, '{');
  await expectRefused(study.work(), 'RUN_DIRECTORY', /1\.json is damaged/);
});

it('tells how long the rest may take, once a run has finished', async () => {
  const study = await Study.with(async ({ out = '' }, { onProgress }) => {
    const step = { batch: 1, batches: 2, tokensPerSecond: 1, loss: 1, validLoss: 1, secondsLeft: 1 };
    onProgress?.({ kind: 'step', epoch: 1, epochs: 3, share: 0.1, ...step });
    await leave(out);
  });
  await study.work();
  const told = study.events.filter((event) => event.kind === 'runs');
  expect(told[0]).toMatchObject({
    done: 0,
    total: 6,
    running: ['one/vanilla/small/1 epoch 1/3'],
    secondsLeft: undefined,
  });
  expect(told.at(-1)).toMatchObject({ done: 6, running: [], secondsLeft: 0 });
  expect(await readFile(runPaths(study.folder.runPath(firstRun)).record, 'utf8')).toContain('"done"');
});
