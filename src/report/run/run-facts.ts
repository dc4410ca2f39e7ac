import { stat } from 'node:fs/promises';
import { AdvError } from '../../base/errors.js';
import type { EpochRecord } from '../../base/epoch-record.js';
import type { Watch } from '../../base/events.js';
import { usualSettings } from '../../datasets/catalogue.js';
import { allOptions, saidOptions } from '../../recipe/said-options.js';
import type { TrainOptions } from '../../recipe/table.js';
import { ClassificationTally, type ClassificationMetrics } from '../../statistics/metrics.js';
import { readHistory } from '../../training/history.js';
import { readLosses, type LossRow } from '../../training/loss-file.js';
import { readRecord } from '../../training/read-run.js';
import { runPaths } from '../../training/run-paths.js';
import type { RunRecord } from '../../training/run-record.js';

/** What a run directory tells. */
export interface RunFacts {
  /** As the user named it. */
  readonly path: string;
  readonly record: RunRecord;
  /** The untrained model's epoch 0 first; empty before the first one has ended. */
  readonly history: readonly EpochRecord[];
  /** Of each test text; undefined where the data has no test part or the file is not kept. */
  readonly losses: readonly LossRow[] | undefined;
  /** Made of them. */
  readonly test: ClassificationMetrics | undefined;
  /** The options that give the run. */
  readonly options: TrainOptions;
  /** Whether these are the fewest; else they are all, because what the data or the preset set is not known. */
  readonly fewest: boolean;
}

/**
 * Reads what a run left.
 *
 * @throws AdvError RUN_DIRECTORY when it is none or damaged, DATA_MALFORMED when its losses are damaged, INTERRUPTED
 */
export async function readRunFacts(path: string, { signal }: Watch = {}): Promise<RunFacts> {
  const record = await readRecord(path);
  const { history: historyPath, losses: lossPath } = runPaths(path);
  const { result, dataset } = record;
  const history = (await isThere(historyPath)) ? await readHistory(historyPath) : [];
  const tested = result?.test && (await isThere(lossPath)) ? result.test : undefined;
  const losses = tested && (await readLosses(lossPath, { run: path, expected: tested, signal })).rows;
  return {
    ...{ path, record, history, losses },
    test: losses && metricsOf(lossPath, dataset.labels, losses),
    ...optionsOf(record),
  };
}

const isThere = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined)) !== undefined;

function metricsOf(path: string, labels: readonly string[], rows: readonly LossRow[]): ClassificationMetrics {
  const places = new Map(labels.map((label, place) => [label, place]));
  const strange = rows.find(({ label, prediction }) => !places.has(label) || !places.has(prediction));
  if (strange !== undefined) {
    throw new AdvError(
      'DATA_MALFORMED',
      `${path}: expected classes among ${labels.join(', ')}, got '${strange.label}' and '${strange.prediction}' for ${strange.id}`,
      'It belongs to another run: restore it, or make it anew with `npx advnative evaluate RUN --losses RUN/test-losses.csv`.',
    );
  }
  const tally = new ClassificationTally(labels);
  tally.add({
    labels: Int32Array.from(rows, ({ label }) => places.get(label) ?? -1),
    predictions: Int32Array.from(rows, ({ prediction }) => places.get(prediction) ?? -1),
    losses: Float64Array.from(rows, ({ loss }) => loss),
  });
  return tally.metrics();
}

function optionsOf({ recipe, dataset }: RunRecord): Pick<RunFacts, 'options' | 'fewest'> {
  // The level of own files follows from their texts: said, it is right whatever they are.
  const otherLevel = recipe.level === 'word' ? 'char' : 'word';
  const usual = usualSettings(recipe.data, dataset.examples.train, otherLevel);
  const fewest = usual && saidOptions(recipe, usual);
  return { options: fewest ?? allOptions(recipe), fewest: fewest !== undefined };
}
