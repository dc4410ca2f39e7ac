import { AdvError } from '../../base/errors.js';
import { writeAtomically } from '../../base/storage/atomic-file.js';
import { trainCommand } from '../../recipe/command-line.js';
import type { TrainOptions } from '../../recipe/table.js';
import type { Asked } from './asked.js';
import { bestSwept, leaders, readTune, trialsOf, type SweptValue, type TrialResult } from './read-tune.js';
import type { TuneFolder } from './tune-folder.js';

/** What a search or a sweep has come to. */
export interface TuneResult {
  /** The folder. */
  readonly tune: string;
  readonly method: Asked['method'];
  readonly dataset: string;
  /** No trial was told of it: it was not opened. */
  readonly testPart: 'not read';
  /** Trials that were begun. */
  readonly trials: number;
  /** How long it was worked on, all calls together. */
  readonly seconds: number;
  /** The trial with the least validation loss; of a sweep null, where values are compared over seeds. */
  readonly best: TrialResult | null;
  /** Trial 1 of a search, which has the defaults. */
  readonly defaults: TrialResult | null;
  /** The best trials, the best first, at most ten. */
  readonly leaders: readonly TrialResult[];
  /** Of a sweep, its values in their order. */
  readonly sweep: readonly SweptValue[] | null;
  /** The winning options, as train() takes them, and as a command line. */
  readonly options: TrainOptions;
  readonly command: string;
  /** Path of trials.csv, and of sweep.csv or null. */
  readonly table: string;
  readonly sweepTable: string | null;
}

const mostLeaders = 10;

/**
 * What lies in a folder, and best.json.
 *
 * @throws AdvError USAGE and NOT_FINITE when no trial has a validation loss, STORAGE, RUN_DIRECTORY
 */
export async function conclude(folder: TuneFolder, seconds: number): Promise<TuneResult> {
  const tuned = await readTune(folder.path);
  const { asked, trials, sweep: swept } = tuned;
  const order = leaders(trials);
  const [best] = order;
  if (best === undefined) throw withoutResult(trials);
  const chosen =
    swept === null
      ? (trialsOf(asked).find(({ number }) => number === best.trial)?.chosen ?? {})
      : bestValue(swept).options;
  const options = { ...asked.options, ...chosen };
  const command = trainCommand(options);
  const result = {
    ...{ tune: folder.path, method: asked.method, dataset: asked.dataset, testPart: asked.testPart },
    trials: trials.filter(({ status }) => status !== 'waiting').length,
    seconds: Number(seconds.toFixed(1)),
    best: swept === null ? best : null,
    defaults: swept === null ? (trials[0] ?? null) : null,
    leaders: order.slice(0, mostLeaders),
    ...{ sweep: swept, options, command },
    ...{ table: folder.trialsPath, sweepTable: swept === null ? null : folder.sweepPath },
  };
  const told = swept === null ? { trial: best.trial, validation: best.best } : { sweep: bestValue(swept) };
  await writeAtomically(folder.bestPath, [`${JSON.stringify({ ...told, options, command }, null, 2)}\n`]);
  return result;
}

function bestValue(values: readonly SweptValue[]): SweptValue {
  const best = bestSwept(values);
  if (best === undefined) throw new Error('a sweep without values');
  return best;
}

/** Why there is nothing to choose from. */
function withoutResult(trials: readonly TrialResult[]): AdvError {
  const failure = trials.find(({ error }) => error !== null);
  return failure === undefined
    ? new AdvError(
        'USAGE',
        'the budget was used up before the first epoch of the defaults was over',
        'Call it again with a larger --budget: it goes on.',
      )
    : new AdvError(
        'NOT_FINITE',
        `no trial has a validation loss; trial ${failure.trial}: ${failure.error ?? ''}`,
        'Train with the defaults first, and choose ranges around what works.',
      );
}
