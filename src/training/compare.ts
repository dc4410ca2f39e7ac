import { stat } from 'node:fs/promises';
import { AdvError } from '../errors.js';
import { pairLosses, readLosses, type LossRow } from '../statistics/losses.js';
import { pairedTTest, type PairedTTest } from '../statistics/paired-t-test.js';
import { readRecord, runPaths } from './run-directory.js';

/**
 * Compares two models by a paired t-test over their losses on the same test examples.
 *
 * @param runA a finished run's directory, or a file that `evaluate --losses` wrote
 * @param runB the other one
 * @returns the test of a − b: a negative difference means that a is better
 * @throws AdvError USAGE when the two have other test examples, RUN_DIRECTORY when a run has no test losses
 */
export async function compare(runA: string, runB: string): Promise<PairedTTest> {
  const pairs = pairLosses(await lossesOf(runA), await lossesOf(runB));
  return pairedTTest(pairs.a, pairs.b);
}

async function lossesOf(path: string): Promise<LossRow[]> {
  const facts = await stat(path).catch((error: unknown) => {
    throw new AdvError(
      'RUN_DIRECTORY',
      `expected a run directory, got ${path}: ${String(error)}`,
      'A run directory is what `npx advnative train` made; its path is printed at the end of the run.',
      { cause: error },
    );
  });
  if (!facts.isDirectory()) return readLosses(path);
  const { status, result } = await readRecord(path);
  if (status !== 'done' || !result?.test) {
    throw new AdvError(
      'RUN_DIRECTORY',
      `expected a run with test losses, got ${path}, ` +
        (status === 'done' ? 'whose data has no test part' : `whose status is '${status}'`),
      status === 'done'
        ? `Make them with: npx advnative evaluate ${path} --test FILE --losses losses.csv`
        : `Finish it with: npx advnative train --resume ${path}`,
    );
  }
  return readLosses(runPaths(path).losses);
}
