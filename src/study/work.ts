import { AdvError } from '../base/errors.js';
import type { Watch } from '../base/events.js';
import { Lease, Leases } from '../base/storage/lease.js';
import { defaultThreads } from '../recipe/execution.js';
import { CourseOfStudy } from './course.js';
import { freeRun } from './free-run.js';
import { shardOf, type ReproduceOptions } from './options.js';
import { countOutcomes, isToDo, type Outcome, type StudyOutcome } from './outcomes.js';
import type { PlannedRun } from './plan.js';
import { trainInProcess } from './run-process.js';
import type { RunFailure, RunState, StudyFolder } from './study-folder.js';
import type { TrainOptions } from '../recipe/table.js';
import { workTogether } from './workers.js';

/** What a process works on. */
export interface StudyWork {
  readonly folder: StudyFolder;
  /** All that are wanted, also those that others do. */
  readonly runs: readonly PlannedRun[];
  readonly options: ReproduceOptions;
  /** Trains one run; in a process of its own unless a test says otherwise. */
  readonly trainOne?: (options: TrainOptions, watch: Watch) => Promise<void>;
  /** Of other times than usual, for tests. */
  readonly leases?: Leases;
}

/**
 * Carries out the runs that are not done and that nobody else works on, some at a time, until none is left or the signal fires.
 *
 * @throws AdvError INTERRUPTED once the signal has fired and the runs have saved their states
 */
export async function workOn(work: StudyWork, watch: Watch): Promise<StudyOutcome> {
  return new Worker(work, watch).work();
}

class Worker {
  readonly #work: StudyWork;
  readonly #watch: Watch;
  readonly #leases: Leases;
  /** Of all runs that this process has looked at. */
  readonly #outcomes = new Map<PlannedRun, Outcome>();
  readonly #course: CourseOfStudy;
  readonly #mine: readonly PlannedRun[];
  readonly #busy = new Set<PlannedRun>();

  constructor(work: StudyWork, watch: Watch) {
    const { runs, options } = work;
    const shard = options.shard === undefined ? undefined : shardOf(options.shard);
    this.#work = work;
    this.#leases = work.leases ?? new Leases();
    this.#watch = watch;
    this.#mine = runs.filter((_, place) => shard === undefined || place % shard.of === shard.first);
    this.#course = new CourseOfStudy(this.#mine, watch);
  }

  async work(): Promise<StudyOutcome> {
    const { options, runs } = this.#work;
    const { signal } = this.#watch;
    // What a worker itself throws, such as for a full disk, ends the others too; failures of runs are noted.
    await workTogether(options.jobs ?? 1, signal, (either) => this.#runOneAfterAnother(either));
    if (signal?.aborted) throw stopped(this.#work.folder);
    for (const run of runs) await this.#lookAgain(run);
    return countOutcomes(runs, this.#outcomes);
  }

  /** What others did meanwhile, and what is not this process's share. */
  async #lookAgain(run: PlannedRun): Promise<void> {
    const known = this.#outcomes.get(run);
    if (known !== undefined && known.status !== 'held') return;
    const state = await this.#work.folder.stateOf(run);
    const isHeld = known !== undefined && (state.status === 'waiting' || state.status === 'begun');
    this.#outcomes.set(run, isHeld ? known : state);
  }

  async #runOneAfterAnother(signal: AbortSignal): Promise<void> {
    do {
      for (let next = await this.#claim(signal); next !== undefined; next = await this.#claim(signal)) {
        const { run, lease } = next;
        try {
          await this.#carryOut(run, lease, signal);
        } finally {
          this.#busy.delete(run);
          await lease.release();
        }
      }
    } while (await this.#oneComesFree(signal));
  }

  /**
   * Runs that seem to be held may be those of a machine that died: nobody would do them if all others ended now.
   *
   * @returns whether one can be claimed; else whoever holds them has shown meanwhile that it lives
   */
  async #oneComesFree(signal: AbortSignal): Promise<boolean> {
    const held = this.#mine.filter(
      (run) => !this.#busy.has(run) && this.#outcomes.get(run)?.status === 'held',
    );
    const claims = held.map((run) => this.#work.folder.claimPath(run));
    return this.#leases.oneComesFree(claims, signal);
  }

  /** The first run that is open and that nobody holds. */
  async #claim(
    signal: AbortSignal,
  ): Promise<{ readonly run: PlannedRun; readonly lease: Lease } | undefined> {
    const { folder } = this.#work;
    for (const run of this.#mine) {
      if (signal.aborted) return undefined;
      if (this.#busy.has(run) || this.#isSettled(run)) continue;
      this.#busy.add(run);
      await folder.prepare(run);
      const lease = await this.#leases.take(folder.claimPath(run));
      if (!(lease instanceof Lease)) {
        this.#outcomes.set(run, { status: 'held' });
      } else if (await this.#isOpen(run, lease)) {
        return { run, lease };
      }
      this.#busy.delete(run);
    }
    return undefined;
  }

  /** Whether there is nothing more to do about a run, as far as this process knows. */
  #isSettled(run: PlannedRun): boolean {
    const status = this.#outcomes.get(run)?.status;
    return status !== undefined && status !== 'held';
  }

  /** Looks at a run that this process has claimed, and gives it back where it is not to be carried out: another process may have done it. */
  async #isOpen(run: PlannedRun, lease: Lease): Promise<boolean> {
    let open = false;
    try {
      const state = await this.#work.folder.stateOf(run);
      open = isToDo(state, this.#work.options);
      if (!open) await this.#settle(run, state);
    } finally {
      if (!open) await lease.release();
    }
    return open;
  }

  /** There is nothing more to do about a run. What is done loses the parts that are not to stay. */
  async #settle(run: PlannedRun, state: RunState): Promise<void> {
    const { folder, options } = this.#work;
    if (state.status === 'done') await folder.prune(run, options.keep ?? 'results');
    this.#outcomes.set(run, state);
    this.#course.settled(run, state);
  }

  async #carryOut(run: PlannedRun, lease: Lease, signal: AbortSignal): Promise<void> {
    const { folder, options, trainOne = trainInProcess } = this.#work;
    await folder.note(run, null);
    await freeRun(folder.runPath(run), signal);
    const begun = (await folder.stateOf(run)).status === 'begun';
    const where = begun ? { resume: folder.runPath(run) } : { ...run.options, out: folder.runPath(run) };
    const stop = AbortSignal.any([signal, lease.lost]);
    this.#course.begins(run, begun);
    const failure = await failureOf(
      trainOne({ ...where, ...this.#execution(options) }, { signal: stop, onProgress: this.#course.of(run) }),
      stop,
    );
    if (stop.aborted && failure !== undefined) return;
    if (failure !== undefined) await folder.note(run, failure);
    await this.#settle(run, await folder.stateOf(run));
  }

  /** Threads are shared out; they change no result. */
  #execution({ threads = defaultThreads(), jobs = 1, dataDir, offline }: ReproduceOptions): TrainOptions {
    return {
      threads: Math.max(1, Math.floor(threads / jobs)),
      ...(dataDir === undefined ? {} : { dataDir }),
      ...(offline === undefined ? {} : { offline }),
    };
  }
}

/** How a run failed; undefined where it did not. */
async function failureOf(training: Promise<void>, stop: AbortSignal): Promise<RunFailure | undefined> {
  try {
    await training;
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (stop.aborted) return { code: 'INTERRUPTED', message };
    if (!(error instanceof AdvError)) return { code: 'UNEXPECTED', message };
    const { code, hint } = error;
    return { code, message, ...(hint === undefined ? {} : { hint }) };
  }
}

function stopped({ path }: StudyFolder): AdvError {
  return new AdvError(
    'INTERRUPTED',
    'the study was stopped; the states of its runs are saved',
    `Continue it with: npx advnative reproduce --out ${path}`,
  );
}
