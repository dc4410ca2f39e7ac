import { resolve } from 'node:path';
import { catalogue } from '../datasets/catalogue.js';
import { withLevelNote } from '../datasets/doubts/scripts.js';
import { withNotes } from '../datasets/with-notes.js';
import { AdvError } from '../base/errors.js';
import type { NativeAddon, NativeClassifier } from '../engine/addon.js';
import { loadAddon } from '../engine/loader.js';
import type { Watch } from '../base/events.js';
import { asInterruption } from '../base/interruption.js';
import { requireTrainingMemory } from './memory.js';
import { cancellable } from '../engine/calls.js';
import { checkTrainOptions } from '../recipe/check.js';
import { dataSource } from '../recipe/data-source.js';
import { resolveExecution, type Execution } from '../recipe/execution.js';
import { resolveRecipe, seedsOf, type Recipe } from '../recipe/recipe.js';
import type { TrainOptions } from '../recipe/table.js';
import { openSource, prepareData } from './prepare.js';
import {
  RunDirectory,
  defaultParent,
  nearestFolder,
  readRecord,
  readVocabulary,
  requireFree,
  resumeHint,
} from './run-directory.js';
import { requireSameData, requireSameTokens } from './run-facts.js';
import { carryOut, createClassifier, type TrainResult } from './run.js';

/**
 * Trains a classifier, selects the epoch by validation loss, tests it once and exports it, all into a run directory.
 * With `resume` it continues an earlier run and gives the bits that an uninterrupted run gives.
 *
 * @param options what to train on and how; the defaults are the paper's for the dataset
 * @param watch a signal that stops the run with its state saved, and a receiver of progress
 * @throws AdvError of any code; INTERRUPTED carries the command to continue as its hint
 */
export async function train(options: TrainOptions = {}, watch: Watch = {}): Promise<TrainResult> {
  checkTrainOptions(options);
  return trainWith(loadAddon(), options, watch);
}

/** train() on a given engine. */
export async function trainWith(
  addon: NativeAddon,
  options: TrainOptions,
  watch: Watch,
): Promise<TrainResult> {
  checkTrainOptions(options);
  try {
    return await (options.resume === undefined
      ? startRun(addon, options, watch)
      : resumeRun(addon, options.resume, options, watch));
  } catch (error) {
    const next =
      options.resume === undefined
        ? 'Nothing was trained yet: run the same command again.'
        : resumeHint(options.resume);
    throw asInterruption(error, watch.signal, next);
  }
}

async function startRun(addon: NativeAddon, options: TrainOptions, watch: Watch): Promise<TrainResult> {
  if (options.out !== undefined) await requireFree(options.out);
  const execution = await located(resolveExecution(options), options);
  const { dataDir, offline } = execution;
  const { limit = null, onMalformed = 'stop' } = options;
  const source = { data: dataSource(options), limit, ...seedsOf(options), onMalformed, dataDir, offline };
  const dataset = withLevelNote(await openSource(source, watch), options);
  const recipe = resolveRecipe(options, dataset);
  const folder = await nearestFolder(options.out ?? defaultParent);
  const data = await prepareData(dataset, recipe, undefined, folder, watch);
  try {
    return await withClassifier(createClassifier(addon, recipe, data, execution), async (classifier) => {
      requireTrainingMemory({ addon, classifier, data, recipe, resumes: false });
      await cancellable(classifier, watch.signal, () => classifier.ready());
      // The directory comes last, so that whatever was refused leaves none behind.
      const directory = await RunDirectory.create(options.out, runName(dataset.name, recipe));
      try {
        const run = { addon, directory, data, recipe, execution, watch, classifier };
        return await carryOut({ ...run, earlier: undefined });
      } finally {
        await directory.release();
      }
    });
  } finally {
    await data.close();
  }
}

async function withClassifier<Result>(
  classifier: NativeClassifier,
  use: (classifier: NativeClassifier) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(classifier);
  } finally {
    classifier.dispose();
  }
}

/** Remembers the folder that ADVNATIVE_DATA named, so that the run resumes without the variable. */
async function located(execution: Execution, options: TrainOptions): Promise<Execution> {
  const { ADVNATIVE_DATA: folder } = process.env;
  const source = dataSource(options);
  if (!folder || execution.dataDir !== null || !('dataset' in source)) return execution;
  const dataDir = resolve(folder);
  const listing = (await catalogue.list({ dataDir })).find(({ name }) => name === source.dataset);
  return listing === undefined || listing.builtIn || listing.found === undefined
    ? execution
    : { ...execution, dataDir };
}

async function resumeRun(
  addon: NativeAddon,
  path: string,
  options: TrainOptions,
  watch: Watch,
): Promise<TrainResult> {
  const directory = await RunDirectory.reopen(path);
  try {
    const earlier = await readRecord(path);
    if (earlier.status === 'done') {
      throw new AdvError(
        'RUN_DIRECTORY',
        `expected a run that is not finished, got ${path}, which is done`,
        'Its result is in run.json. To train longer, begin a new run with a larger --epochs or --patience.',
      );
    }
    const { recipe } = earlier;
    const execution = resolveExecution(options, earlier.execution);
    const opened = await openSource({ ...recipe, ...execution }, watch);
    requireSameData(earlier.dataset, opened.facts.files);
    // Whether the user chose how texts are read is known where the run began alone.
    const dataset = withNotes(opened, earlier.dataset.notes);
    const vocabulary = await readVocabulary(directory.paths);
    const data = await prepareData(dataset, recipe, vocabulary, path, watch);
    try {
      requireSameTokens(earlier.dataset, data);
      const run = { addon, directory, data, recipe, execution, watch, earlier };
      return await withClassifier(createClassifier(addon, recipe, data, execution), (classifier) => {
        requireTrainingMemory({ addon, classifier, data, recipe, resumes: true });
        return carryOut({ ...run, classifier });
      });
    } finally {
      await data.close();
    }
  } finally {
    await directory.release();
  }
}

function runName(datasetName: string, recipe: Recipe): string {
  return `${datasetName.replaceAll(/[^\w.+-]+/gu, '-')}-${recipe.regime}-seed${recipe.seed}`;
}
