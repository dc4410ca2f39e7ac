import { AdvError } from '../../base/errors.js';
import type { ProgressEvent, Watch } from '../../base/events.js';
import { defaultThreads } from '../../recipe/execution.js';
import type { Recipe } from '../../recipe/recipe.js';
import type { TrainOptions } from '../../recipe/table.js';
import { freeRun } from '../free-run.js';
import type { RunFailure } from '../study-folder.js';
import { trainPartInProcess } from '../run-process.js';
import { workTogether } from '../workers.js';
import {
  bestEpoch,
  lacks,
  statusOf,
  trainedEpochs,
  type Trial,
  type TrialPart,
  type TrialState,
} from './trial.js';
import type { TuneFolder } from './tune-folder.js';

/** How trials are carried out here; it changes no result. */
export interface TrialExecution extends Pick<TrainOptions, 'threads' | 'dataDir' | 'offline'> {
  readonly jobs?: number | undefined;
  /** Trains a part; in a process of its own unless a test says otherwise. */
  readonly trainPart?:
    ((options: TrainOptions, divisor: number, watch: Watch) => Promise<TrialPart>) | undefined;
}

/** A trial, and the share of its epochs that it is to have: one in `divisor`. */
export interface Task {
  readonly trial: Trial;
  readonly divisor: number;
}

/** What is told while tasks are carried out, beside what they come to. */
export interface TrialsWatch extends Watch {
  /** Seconds until all is done, as far as it is known. */
  readonly secondsLeft: () => number | undefined;
}

/** Failures that say something of a trial's options, not of the data or the machine, which would fail the others too. */
const ofTrial: readonly string[] = ['NOT_FINITE', 'NATIVE', 'USAGE', 'UNEXPECTED'];

/** The trials of a folder: carries out parts of them and knows how they stand. */
export class Trials {
  readonly #folder: TuneFolder;
  readonly #select: Recipe['select'];
  readonly #execution: TrialExecution;
  readonly #states = new Map<number, { readonly trial: Trial; readonly state: TrialState }>();
  readonly #running = new Map<number, string>();

  constructor(folder: TuneFolder, select: Recipe['select'], execution: TrialExecution) {
    this.#folder = folder;
    this.#select = select;
    this.#execution = execution;
  }

  /** Those that were looked at, by their numbers. */
  get all(): { readonly trial: Trial; readonly state: TrialState }[] {
    return [...this.#states.values()].toSorted((one, other) => one.trial.number - other.trial.number);
  }

  /** How much was trained so far, in whole trainings. */
  get trainings(): number {
    return this.all.reduce(
      (sum, { state }) => sum + (state.part === null ? 0 : trainedEpochs(state) / state.part.epochs),
      0,
    );
  }

  /** The validation loss of a trial after a share of its epochs; Infinity where it failed or diverged. */
  lossOf(trial: Trial, divisor: number): number {
    const state = this.#states.get(trial.number)?.state;
    return (state && bestEpoch(state, this.#select, divisor)?.validLoss) ?? Infinity;
  }

  /** The least validation loss so far. */
  get least(): number | undefined {
    const losses = this.all.map(({ state }) => bestEpoch(state, this.#select)?.validLoss ?? Infinity);
    const least = Math.min(...losses);
    return least < Infinity ? least : undefined;
  }

  /**
   * Trains trials until they have their shares; what they have already is left as it is. Ends early when the signal fires, with states saved.
   *
   * @throws AdvError of a code that says that other trials would fail as well, STORAGE, RUN_DIRECTORY
   */
  async reach(tasks: readonly Task[], watch: TrialsWatch): Promise<void> {
    const open: Task[] = [];
    for (const task of tasks) {
      if (lacks(await this.look(task.trial), task.divisor)) open.push(task);
    }
    const total = open.length;
    const jobs = Math.max(1, Math.min(this.#execution.jobs ?? 1, total));
    let done = 0;
    const tell = (): void => {
      watch.onProgress?.({
        ...{ kind: 'runs', done, total, running: [...this.#running.values()] },
        ...{ least: this.least, secondsLeft: watch.secondsLeft() },
      });
    };
    await workTogether(jobs, watch.signal, async (signal) => {
      for (let task = open.shift(); task !== undefined && !signal.aborted; task = open.shift()) {
        await this.#carryOut(task, jobs, { signal, onProgress: watch.onProgress, tell });
        done += 1;
        tell();
      }
    });
  }

  /** Looks at how a trial stands. */
  async look(trial: Trial): Promise<TrialState> {
    const state = await this.#folder.stateOf(trial);
    this.#states.set(trial.number, { trial, state });
    return state;
  }

  async #carryOut(
    { trial, divisor }: Task,
    jobs: number,
    {
      signal,
      onProgress,
      tell,
    }: { readonly signal: AbortSignal } & Pick<Watch, 'onProgress'> & { tell: () => void },
  ): Promise<void> {
    const folder = this.#folder;
    const path = folder.trialPath(trial);
    const { part } = await this.look(trial);
    await folder.note(trial, { failure: null, part });
    await freeRun(path, signal);
    const { threads = defaultThreads(), dataDir, offline, trainPart = trainPartInProcess } = this.#execution;
    const where = (await folder.hasBegun(trial)) ? { resume: path } : { ...trial.options, out: path };
    const here = {
      threads: Math.max(1, Math.floor(threads / jobs)),
      ...(dataDir === undefined ? {} : { dataDir }),
      ...(offline === undefined ? {} : { offline }),
    };
    const follow = (event: ProgressEvent): void => {
      if (event.kind !== 'step') return;
      this.#running.set(trial.number, `trial ${trial.number} epoch ${event.epoch}/${event.epochs}`);
      tell();
    };
    try {
      const ended = await trainPart({ ...where, ...here }, divisor, { signal, onProgress: follow });
      const { epochs, over, diverged } = ended;
      await folder.note(trial, { failure: null, part: { epochs, over, diverged } });
    } catch (error) {
      if (!signal.aborted) await folder.note(trial, { failure: failureOf(error), part });
    } finally {
      this.#running.delete(trial.number);
    }
    const state = await this.look(trial);
    if (!signal.aborted) onProgress?.({ kind: 'stage', text: this.#told(trial, state) });
  }

  #told({ number }: Trial, state: TrialState): string {
    const best = bestEpoch(state, this.#select);
    const epochs = trainedEpochs(state);
    if (best === undefined)
      return `trial ${number}: ${statusOf(state)} ${state.failure?.message ?? ''}`.trim();
    return `trial ${number}: validation loss ${best.validLoss.toFixed(4)} after ${epochs} of ${state.part?.epochs ?? epochs} epochs`;
  }
}

/**
 * What is noted of a failure that is the trial's.
 *
 * @throws another one
 */
function failureOf(error: unknown): RunFailure {
  const code = error instanceof AdvError ? error.code : 'UNEXPECTED';
  if (!ofTrial.includes(code)) throw error;
  return { code, message: error instanceof Error ? error.message : String(error) };
}
