import { stat } from 'node:fs/promises';
import { systemReason } from '../base/system-error.js';
import { AdvError } from '../base/errors.js';
import { readLosses, type LossTable } from './loss-file.js';
import type { LossName } from '../statistics/loss-names.js';
import { mcNemarTest, type McNemarTest } from '../statistics/mcnemar.js';
import { pairedTTest, type PairedTTest } from '../statistics/paired-t-test.js';
import { shellQuoted } from '../base/storage/shell-path.js';
import { checkOptions } from '../base/check-options.js';
import type { OptionsOf } from '../base/option.js';
import { flag } from '../base/rules.js';
import type { Watch } from '../base/events.js';
import { asInterruption } from '../base/interruption.js';
import { pairLosses, type LossPairs } from './loss-pairs.js';
import { readRecord } from './read-run.js';
import { resumeHint, runPaths } from './run-paths.js';

const compareOptions = {
  /** Leave out test examples that only one of the two has, instead of refusing them. Default false. */
  common: { flag: '--common', rule: flag },
};

/** What compare() takes. */
export interface CompareOptions extends OptionsOf<typeof compareOptions> {}

/** What compare() returns and `compare --json` prints. */
export interface Comparison extends PairedTTest {
  /** Of the accuracies on the same examples. */
  readonly mcnemar: McNemarTest;
  /** With `common`: test examples that were left out because only a has them, and only b. */
  readonly leftOut?: { readonly a: number; readonly b: number };
}

/**
 * Compares two models by a paired t-test over their losses on the same test examples, and by McNemar's test of their accuracies. Examples are paired by text and
 * label: their order and the form of the file that they came from do not matter.
 *
 * @param runA a finished run's directory, or a file that `evaluate --losses` wrote
 * @param runB the other one
 * @param watch of which the signal counts: nothing here takes long enough to tell progress
 * @returns the test of a − b: a negative difference means that a is better
 * @throws AdvError DATA_MALFORMED when the two have other test examples, losses of another kind, fewer than two in common, or a file is none of
 *   losses; DATA_MISSING when a file cannot be read; RUN_DIRECTORY when a path leads nowhere or a run has no test
 *   losses; USAGE, INTERRUPTED
 */
export async function compare(
  runA: string,
  runB: string,
  options: CompareOptions = {},
  { signal }: Pick<Watch, 'signal'> = {},
): Promise<Comparison> {
  return (await compareInFull(runA, runB, options, { signal })).comparison;
}

/** A comparison with what it was made of. */
export interface FullComparison {
  readonly comparison: Comparison;
  readonly pairs: LossPairs;
  /** What the losses are. */
  readonly loss: LossName;
}

/** The same with the losses themselves, for who draws them. */
export async function compareInFull(
  runA: string,
  runB: string,
  options: CompareOptions = {},
  { signal }: Pick<Watch, 'signal'> = {},
): Promise<FullComparison> {
  checkOptions(options, compareOptions);
  try {
    const [a, b] = [await lossesOf(runA, signal), await lossesOf(runB, signal)];
    requireSameLoss([runA, a], [runB, b]);
    const pairs = pairLosses(a.rows, b.rows, options);
    const comparison = {
      ...pairedTTest(pairs.a, pairs.b),
      mcnemar: mcNemarTest(pairs.rightA, pairs.rightB),
      ...(options.common ? { leftOut: pairs.leftOut } : {}),
    };
    return { comparison, pairs, loss: a.loss };
  } catch (error) {
    throw asInterruption(error, signal);
  }
}

type NamedLosses = readonly [name: string, losses: LossTable];

/** Numbers of one kind alone can be compared. */
function requireSameLoss([nameA, a]: NamedLosses, [nameB, b]: NamedLosses): void {
  if (a.loss === b.loss) return;
  throw new AdvError(
    'DATA_MALFORMED',
    `expected losses of one kind, got the ${a.loss} loss of ${nameA} and the ${b.loss} loss of ${nameB}`,
    'Train both with the same --loss.',
  );
}

async function lossesOf(path: string, signal: AbortSignal | undefined): Promise<LossTable> {
  const facts = await stat(path).catch((error: unknown) => {
    throw new AdvError(
      'RUN_DIRECTORY',
      `expected a run directory, or a file that \`evaluate --losses\` wrote, got ${path}: ${systemReason(error)}`,
      'A run directory is what `npx advnative train` made; its path is printed at the end of the run.',
      { cause: error },
    );
  });
  return facts.isDirectory() ? lossesOfRun(path, signal) : readLosses(path, { signal });
}

async function lossesOfRun(run: string, signal: AbortSignal | undefined): Promise<LossTable> {
  const { status, result } = await readRecord(run);
  if (status !== 'done' || !result?.test) {
    throw new AdvError(
      'RUN_DIRECTORY',
      `expected a run with test losses, got ${run}, ` +
        (status === 'done' ? 'whose data has no test split' : `whose status is '${status}'`),
      status === 'done'
        ? `Make them with: npx advnative evaluate ${shellQuoted(run)} --test FILE --losses losses.csv`
        : resumeHint(run),
    );
  }
  return readLosses(runPaths(run).losses, { run, expected: result.test, signal });
}
