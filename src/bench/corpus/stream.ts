import { trainingBatches, type BatchPlan } from '../../text/batches.js';
import { loadAddon } from '../../engine/loader.js';
import { stepOptions } from '../../training/native-model.js';
import { dataSource } from '../../recipe/data-source.js';
import { resolveExecution } from '../../recipe/execution.js';
import { resolveRecipe, seedsOf, type Recipe } from '../../recipe/recipe.js';
import type { TrainOptions } from '../../recipe/table.js';
import { openSource, prepareData, type PreparedData } from '../../training/prepare.js';
import { createClassifier } from '../../training/active-run.js';
import { costOf, type Cost } from '../cost.js';
import type { StreamParts } from './report.js';

/** One epoch's stream and what it took. */
export interface StreamMeasurement {
  /** Training examples. */
  readonly examples: number;
  /** Of the stream alone: what training costs comes after it. */
  readonly cost: Cost;
  readonly parts: StreamParts;
}

/** An epoch whose batches have all been made once. */
interface StreamedEpoch {
  readonly data: PreparedData;
  readonly recipe: Recipe;
  readonly plan: BatchPlan;
  readonly firstPass: StreamParts['firstPass'];
  readonly batches: StreamParts['batches'];
}

/**
 * Does everything that one epoch of training with a dataset's defaults does with text and data, and nothing else: opening,
 * vocabulary, encoding, shuffling, packing each batch. Then trains on the first batches, to tell how fast training would take
 * them. Linux only.
 *
 * @param options as train() takes them: which data, and where it lies
 * @param folder an existing folder for what does not fit into memory
 * @param steps most batches to train on; an epoch may have fewer
 * @throws AdvError USAGE, DATA_MISSING, DATA_MALFORMED, STORAGE, NATIVE
 */
export async function measureStream(
  options: TrainOptions,
  folder: string,
  steps: number,
): Promise<StreamMeasurement> {
  const { result: epoch, cost } = await costOf(() => streamEpoch(options, folder));
  try {
    const { data, firstPass, batches } = epoch;
    const training = await trainSteps(epoch, steps);
    return { examples: data.train.count, cost, parts: { firstPass, batches, training } };
  } finally {
    await epoch.data.close();
  }
}

async function streamEpoch(options: TrainOptions, folder: string): Promise<StreamedEpoch> {
  const began = performance.now();
  const { dataDir, offline } = resolveExecution(options);
  const { limit = null, onMalformed = 'stop' } = options;
  const source = { data: dataSource(options), limit, ...seedsOf(options), onMalformed, dataDir, offline };
  const dataset = await openSource(source, {});
  const recipe = resolveRecipe({ ...options, preset: 'paper' }, dataset);
  const data = await prepareData(dataset, recipe, undefined, folder, {});
  const { tokens } = data.train;
  const firstPass = { tokens, seconds: secondsSince(began) };
  const shuffled = performance.now();
  const { batchSize, seed } = recipe;
  const plan = trainingBatches(data.train, { batchSize, seed, epoch: 1 });
  for (let index = 0; index < plan.count; index++) await plan.batch(index);
  return { data, recipe, plan, firstPass, batches: { tokens, seconds: secondsSince(shuffled) } };
}

async function trainSteps(
  { data, recipe, plan }: StreamedEpoch,
  most: number,
): Promise<StreamParts['training']> {
  const classifier = createClassifier(loadAddon(), recipe, data, resolveExecution({}));
  const options = stepOptions(recipe);
  const steps = Math.min(most, plan.count);
  let [tokens, seconds] = [0, 0];
  try {
    for (let index = 0; index < steps; index++) {
      const batch = await plan.batch(index);
      const began = performance.now();
      await classifier.trainStep(batch, options);
      seconds += secondsSince(began);
      tokens += batch.ids.length;
    }
  } finally {
    classifier.dispose();
  }
  return { steps, tokens, seconds };
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000;
}
