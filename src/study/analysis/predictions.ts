import { at } from '../../base/at.js';
import { AdvError } from '../../base/errors.js';
import type { Watch } from '../../base/events.js';
import type { SeedLosses } from '../../statistics/arms.js';
import { ClassificationTally } from '../../statistics/metrics.js';
import { readLosses } from '../../training/loss-file.js';
import { runPaths } from '../../training/run-paths.js';
import type { StudyFolder } from '../study-folder.js';
import type { CellRuns } from './cells.js';
import type { CellLosses } from './comparison.js';
import type { AnalysedCell } from './study-analysis.js';

/** The test predictions of all runs of a cell together: each example counts once a seed. */
export type PooledPredictions = Pick<AnalysedCell, 'confusion' | 'perClass'>;

/** What the runs of a cell did on the test texts. */
export interface CellPredictions extends CellLosses {
  readonly pooled: PooledPredictions;
}

/**
 * Reads the test losses and predictions of a cell's runs, each file once.
 *
 * @throws AdvError RUN_DIRECTORY and DATA_MALFORMED when test losses are damaged, INTERRUPTED
 */
export async function readPredictions(
  folder: StudyFolder,
  cell: CellRuns,
  { signal }: Watch,
): Promise<CellPredictions> {
  const { done } = cell;
  const { labels } = at(done, 0).record.dataset;
  const classes = new Map(labels.map((label, place) => [label, place]));
  const tally = new ClassificationTally(labels);
  const arm: SeedLosses[] = [];
  for (const { run, test } of done) {
    const directory = folder.runPath(run);
    const path = runPaths(directory).losses;
    const { rows } = await readLosses(path, { run: directory, expected: test, signal });
    const numbers = (of: 'label' | 'prediction'): Int32Array =>
      Int32Array.from(rows, (row) => classes.get(row[of]) ?? refuse(path, `${of} '${row[of]}'`));
    const losses = Float64Array.from(rows, ({ loss }) => loss);
    tally.add({ labels: numbers('label'), predictions: numbers('prediction'), losses });
    arm.push({ seed: run.seed, losses });
  }
  const { confusion, perClass } = tally.metrics();
  return { cell, losses: arm, pooled: { confusion, perClass } };
}

function refuse(path: string, what: string): never {
  throw new AdvError(
    'RUN_DIRECTORY',
    `${path} is damaged: it has the ${what}, which is no class of its run`,
    'Restore it from a copy, or remove the run and the file beside it, and go on with the study.',
  );
}
