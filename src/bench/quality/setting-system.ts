import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inGroups } from '../../base/streaming.js';
import type { Example } from '../../text/types.js';
import type { LoadedModel } from '../../training/model.js';
import { openModel } from '../../training/open-model.js';
import { runPaths } from '../../training/run-paths.js';
import type { TrainResult } from '../../training/run.js';
import { failureOf } from '../epochs/measure.js';
import { measuredEnd } from './measured-program.js';
import type { QualityScore } from './result.js';
import { scoreOf } from './score.js';
import type { Measured, QualitySystem, QualityTask } from './system.js';

const textsAtOnce = 64;

/** Above this the losses of a run and of its model read once more are of other texts: rounding is far below. */
const mostLossDifference = 1e-3;

/**
 * A setting of this package as a system: `advnative train` learns, selects, tests and exports in a process of its own, without the
 * linear baseline beside it, which is another system. The probabilities of its model are asked for afterwards, outside of what is
 * measured.
 *
 * @param program of the command line
 */
export function settingSystem(name: string, options: readonly string[], program: string): QualitySystem {
  return {
    name,
    options,
    lacks: () => Promise.resolve(undefined),
    measure: (task) => measureSetting(options, program, task),
  };
}

async function measureSetting(
  options: readonly string[],
  program: string,
  task: QualityTask,
): Promise<Measured> {
  const { source, seed, threads, folder, signal, onErrors } = task;
  const run = join(folder, 'run');
  const fixed = ['--seed', `${seed}`, '--threads', `${threads}`, '--no-baseline', '--offline'];
  const args = [program, 'train', ...source.trainArguments, ...options, ...fixed, '--out', run, '--json'];
  const launch = { command: process.execPath, args, environment: process.env };
  const end = await measuredEnd(launch, folder, signal, onErrors);
  if (end.code !== 0) throw new Error(failureOf(end.output, end.errors));
  const { dataset, test: tested } = JSON.parse(end.output) as TrainResult;
  const { valid, test } = await scoresOf(run, task);
  if (tested?.n !== test.n || Math.abs(tested.loss - test.loss) > mostLossDifference) {
    throw new Error(`expected the run's own test loss ${String(tested?.loss)}, got ${test.loss}`);
  }
  const examples = { train: dataset.examples.train, valid: valid.n, test: test.n };
  const { seconds, cpuSeconds, peakBytes } = end;
  const modelBytes = (await stat(runPaths(run).model)).size;
  return { examples, valid, test, seconds, cpuSeconds, peakBytes, modelBytes };
}

/** What the model of a run reaches on the splits that peers are given. */
async function scoresOf(
  run: string,
  { splits, threads, signal }: QualityTask,
): Promise<{ valid: QualityScore; test: QualityScore }> {
  const { valid, test, name } = splits.dataset;
  if (test === undefined) throw new Error(`${name} has no test split`);
  const model = await openModel(run, threads);
  try {
    return {
      valid: await scoreOfModel(model, valid(), signal),
      test: await scoreOfModel(model, test.open(model.selected), signal),
    };
  } finally {
    await model.dispose();
  }
}

async function scoreOfModel(
  model: LoadedModel,
  examples: AsyncIterable<Example>,
  signal: AbortSignal | undefined,
): Promise<QualityScore> {
  const rows: Float64Array[] = [];
  const labels: number[] = [];
  for await (const group of inGroups(examples, textsAtOnce)) {
    const texts = group.map(({ text }) => text);
    for (const { probabilities } of await model.classify(texts, signal)) {
      rows.push(Float64Array.from(model.labels, (label) => Math.log(probabilities[label] ?? Number.NaN)));
    }
    labels.push(...group.map(({ label }) => model.labels.indexOf(label)));
  }
  return scoreOf(rows, Int32Array.from(labels), model.labels);
}
