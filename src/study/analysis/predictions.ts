import { AdvError } from '../../base/errors.js';
import type { Watch } from '../../base/events.js';
import { ClassificationTally } from '../../statistics/metrics.js';
import { readLosses } from '../../training/loss-file.js';
import { runPaths } from '../../training/run-paths.js';
import type { StudyFolder } from '../study-folder.js';
import type { CellRuns } from './cells.js';
import type { AnalysedCell } from './study-analysis.js';

/**
 * The test predictions of all runs of a cell together: each example counts once a seed.
 *
 * @param labels the classes, in the order of their numbers
 * @throws AdvError RUN_DIRECTORY and DATA_MALFORMED when test losses are damaged, INTERRUPTED
 */
export async function pooledPredictions(
  folder: StudyFolder,
  { done }: CellRuns,
  labels: readonly string[],
  { signal }: Watch,
): Promise<Pick<AnalysedCell, 'confusion' | 'perClass'>> {
  const classes = new Map(labels.map((label, place) => [label, place]));
  const tally = new ClassificationTally(labels);
  for (const { run, test } of done) {
    const directory = folder.runPath(run);
    const path = runPaths(directory).losses;
    const { rows } = await readLosses(path, { run: directory, expected: test, signal });
    const numbers = (of: 'label' | 'prediction'): Int32Array =>
      Int32Array.from(rows, (row) => classes.get(row[of]) ?? refuse(path, `${of} '${row[of]}'`));
    tally.add({
      ...{ labels: numbers('label'), predictions: numbers('prediction') },
      losses: Float64Array.from(rows, ({ loss }) => loss),
    });
  }
  const { confusion, perClass } = tally.metrics();
  return { confusion, perClass };
}

function refuse(path: string, what: string): never {
  throw new AdvError(
    'RUN_DIRECTORY',
    `${path} is damaged: it has the ${what}, which is no class of its run`,
    'Restore it from a copy, or remove the run and the file beside it, and go on with the study.',
  );
}
