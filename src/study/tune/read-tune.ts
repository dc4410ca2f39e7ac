import { AdvError } from '../../base/errors.js';
import { seedsOf } from '../../recipe/recipe.js';
import type { TrainOptions } from '../../recipe/table.js';
import { meanInterval, type MeanInterval } from '../../statistics/mean-interval.js';
import type { Asked } from './asked.js';
import { compare } from './halving.js';
import { searchTrials, sweepTrials, sweepValues } from './space.js';
import {
  bestEpoch,
  epochAt,
  statusOf,
  trainedEpochs,
  type Trial,
  type TrialState,
  type TrialStatus,
} from './trial.js';
import { TuneFolder } from './tune-folder.js';

/** What is told of a trial. */
export interface TrialResult {
  /** From 1; of a search, trial 1 has the defaults. */
  readonly trial: number;
  /** What it has of the options that vary, by their names in programs; of a sweep its seed, too. */
  readonly options: TrainOptions;
  /** How many rungs it has reached: it has had shares of its epochs up to that one. */
  readonly rung: number;
  /** Epochs that were trained. */
  readonly epochs: number;
  /** On validation texts, of the best epoch; null for a trial that failed, diverged or has none. */
  readonly best: {
    readonly epoch: number;
    readonly loss: number;
    readonly accuracy: number;
    readonly macroF1: number;
  } | null;
  /** Of its epochs, without what interruptions lost. */
  readonly seconds: number;
  readonly status: TrialStatus;
  /** Why it failed; null where it did not. */
  readonly error: string | null;
}

/** What the seeds of one value of a sweep came to. */
export interface SweptValue {
  readonly options: TrainOptions;
  /** Of the validation losses over seeds; null where all failed. */
  readonly loss: MeanInterval | null;
  readonly accuracy: MeanInterval | null;
  readonly macroF1: MeanInterval | null;
}

/** What lies in the folder of a search or a sweep. */
export interface Tuned {
  readonly asked: Asked;
  /** In their order. */
  readonly trials: readonly TrialResult[];
  /** In the order of the values; null for a search. */
  readonly sweep: readonly SweptValue[] | null;
}

/**
 * Reads the folder of `tune`, whether it has finished or not, and checks what it reads. Nothing in it was made of test data.
 *
 * @throws AdvError RUN_DIRECTORY when it is none or damaged
 */
export async function readTune(path: string): Promise<Tuned> {
  const folder = new TuneFolder(path);
  const asked = await folder.readAsked();
  if (asked === undefined) {
    throw new AdvError(
      'RUN_DIRECTORY',
      `expected the folder of a search, got ${path}, which holds no tune.json`,
      'Such a folder is what `npx advnative tune` makes.',
    );
  }
  const trials: TrialResult[] = [];
  for (const trial of trialsOf(asked)) trials.push(resultOf(asked, trial, await folder.stateOf(trial)));
  const sweep = asked.method === 'sweep' ? sweptValues(asked, trials) : null;
  return { asked, trials, sweep };
}

/** All trials that have been decided on. */
export function trialsOf(asked: Asked): Trial[] {
  const { seed } = seedsOf(asked.options);
  if (asked.method === 'sweep') return sweepTrials(asked, seed);
  const count = asked.rounds.reduce((sum, each) => sum + each, 1);
  const trials: Trial[] = [];
  for (const trial of searchTrials(asked, seed)) {
    trials.push(trial);
    if (trials.length === count) break;
  }
  return trials;
}

function resultOf(
  { defaults, divisors, select, method }: Asked,
  trial: Trial,
  state: TrialState,
): TrialResult {
  const best = bestEpoch(state, select);
  const epochs = trainedEpochs(state);
  const { part } = state;
  return {
    trial: trial.number,
    options: method === 'sweep' ? trial.chosen : { ...defaults, ...trial.chosen },
    rung:
      part === null
        ? 0
        : divisors.filter((divisor) => part.over || epochs >= epochAt(part.epochs, divisor)).length,
    epochs,
    best:
      best === undefined
        ? null
        : {
            ...{ epoch: best.epoch, loss: best.validLoss },
            ...{ accuracy: best.validAccuracy, macroF1: best.validMacroF1 },
          },
    seconds: Number(state.history.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(1)),
    status: statusOf(state),
    error: state.failure?.message ?? null,
  };
}

function sweptValues({ space }: Asked, trials: readonly TrialResult[]): SweptValue[] {
  const values = sweepValues(space);
  return values.map((options, place) => {
    // Trials have all values in turn, a seed after the other.
    const bests = trials
      .filter((_, index) => index % values.length === place)
      .flatMap(({ best }) => best ?? []);
    const over = (of: (best: (typeof bests)[number]) => number): MeanInterval | null =>
      bests.length === 0 ? null : meanInterval(bests.map(of));
    return {
      options,
      ...{ loss: over(({ loss }) => loss), accuracy: over(({ accuracy }) => accuracy) },
      macroF1: over(({ macroF1 }) => macroF1),
    };
  });
}

/** Trials that have a validation loss, the least first; of equal ones the earlier. */
export function leaders(trials: readonly TrialResult[]): TrialResult[] {
  return trials
    .filter(({ best }) => best !== null)
    .toSorted((one, other) => compare(one.best?.loss ?? Infinity, other.best?.loss ?? Infinity));
}

/** The value of a sweep with the least mean loss, of equal ones the earlier; undefined where none has a loss. */
export function bestSwept(values: readonly SweptValue[]): SweptValue | undefined {
  return values
    .filter(({ loss }) => loss !== null)
    .toSorted((one, other) => compare(one.loss?.mean ?? Infinity, other.loss?.mean ?? Infinity))[0];
}
