import { resolve } from 'node:path';
import { catalogue } from '../datasets/catalogue.js';
import { withLevelNote } from '../datasets/doubts/scripts.js';
import { withNotes } from '../datasets/with-notes.js';
import type { Dataset } from '../datasets/types.js';
import type { Vocabulary } from '../text/vocabulary.js';
import { AdvError } from '../base/errors.js';
import type { NativeAddon } from '../engine/addon.js';
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
import { byRecord, readRecord, readVocabulary } from './read-run.js';
import { RunDirectory, requireFree } from './run-directory.js';
import { defaultParent, nearestFolder, resumeHint } from './run-paths.js';
import { requireSameData, requireSameTokens } from './run-facts.js';
import type { RunRecord } from './run-record.js';
import { createClassifier } from './active-run.js';
import { networkLearner } from './network-learner.js';
import { fitNgrams } from './ngram-learner.js';
import { carryOut, type TrainResult } from './run.js';

/**
 * Trains a classifier, selects the epoch by validation loss, tests it once and exports it, all into a run directory.
 * With `resume` it continues an earlier run and gives the bits that an uninterrupted run gives.
 *
 * @param options what to train on and how; the defaults are what is best for the dataset, see TrainOptions.preset
 * @param watch a signal that stops the run with its state saved, and a receiver of progress
 * @throws AdvError of any code; INTERRUPTED carries the command to continue as its hint
 */
export async function train(options: TrainOptions = {}, watch: Watch = {}): Promise<TrainResult> {
  // Before the addon is loaded, whose lack would hide what is wrong.
  checkTrainOptions(options);
  return trainWith(loadAddon(), options, watch);
}

/** train() on a given engine, as `bench/pipeline.js` observes one. */
export async function trainWith(
  addon: NativeAddon,
  options: TrainOptions,
  watch: Watch,
): Promise<TrainResult> {
  checkTrainOptions(options);
  const { resume } = options;
  try {
    if (resume === undefined) return await trainFrom(addon, await anew(options, watch), watch);
    const directory = await RunDirectory.reopen(resume);
    return await released(directory, () =>
      byRecord(resume, async () => trainFrom(addon, await continued(directory, options, watch), watch)),
    );
  } catch (error) {
    const next =
      resume === undefined ? 'Nothing was trained yet: run the same command again.' : resumeHint(resume);
    throw asInterruption(error, watch.signal, next);
  }
}

/** Where a run sets out from: its options, or what an earlier process left of it. */
interface Beginning {
  readonly dataset: Dataset;
  readonly recipe: Recipe;
  readonly execution: Execution;
  /** Of the run that goes on, if it was stored. */
  readonly vocabulary: Vocabulary | undefined;
  /** An existing folder for what does not fit into memory. */
  readonly folder: string;
  /** Record and directory of the run that goes on; a new one's directory is made once nothing can be refused any more. */
  readonly earlier?: { readonly record: RunRecord; readonly directory: RunDirectory };
  /** As the user named the directory of a new run. */
  readonly out?: string | undefined;
}

async function anew(options: TrainOptions, watch: Watch): Promise<Beginning> {
  const { out, limit = null, onMalformed = 'stop' } = options;
  if (out !== undefined) await requireFree(out);
  const execution = await located(resolveExecution(options), options);
  const { dataDir, offline } = execution;
  const source = { data: dataSource(options), limit, ...seedsOf(options), onMalformed, dataDir, offline };
  const opened = await openSource(source, watch);
  const recipe = resolveRecipe(options, opened);
  const dataset = recipe.recurrent ? withLevelNote(opened, options) : opened;
  const folder = await nearestFolder(out ?? defaultParent);
  return { dataset, recipe, execution, vocabulary: undefined, folder, out };
}

async function continued(directory: RunDirectory, options: TrainOptions, watch: Watch): Promise<Beginning> {
  const path = directory.paths.directory;
  const record = await readRecord(path);
  if (record.status === 'done') {
    throw new AdvError(
      'RUN_DIRECTORY',
      `expected a run that is not finished, got ${path}, which is done`,
      'Its result is in run.json. To train longer, begin a new run with a larger --epochs or --patience.',
    );
  }
  const { recipe } = record;
  const execution = resolveExecution(options, record.execution);
  const opened = await openSource({ ...recipe, ...execution }, watch);
  requireSameData(record.dataset, opened.facts.files);
  // Whether the user chose how texts are read is known where the run began alone.
  const dataset = withNotes(opened, record.dataset.notes);
  const vocabulary = await readVocabulary(directory.paths);
  return { dataset, recipe, execution, vocabulary, folder: path, earlier: { record, directory } };
}

/** Reads the data, makes the model and trains it in the run's directory. */
async function trainFrom(addon: NativeAddon, beginning: Beginning, watch: Watch): Promise<TrainResult> {
  return beginning.recipe.recurrent
    ? trainNetwork(addon, beginning, watch)
    : trainNgrams(addon, beginning, watch);
}

async function trainNetwork(addon: NativeAddon, beginning: Beginning, watch: Watch): Promise<TrainResult> {
  const { dataset, recipe, execution, vocabulary, folder, earlier } = beginning;
  const data = await prepareData(dataset, recipe, vocabulary, folder, watch);
  try {
    if (earlier !== undefined) requireSameTokens(earlier.record.dataset, data);
    const classifier = createClassifier(addon, recipe, data, execution);
    try {
      requireTrainingMemory({ addon, classifier, data, recipe, resumes: earlier !== undefined });
      if (earlier === undefined) await cancellable(classifier, watch.signal, () => classifier.ready());
      // The directory comes last, so that whatever was refused leaves none behind.
      return await inDirectory(beginning, async (directory) => {
        const run = {
          addon,
          data,
          recipe,
          execution,
          watch,
          classifier,
          directory,
          earlier: earlier?.record,
        };
        return carryOut(run, await networkLearner(run));
      });
    } finally {
      classifier.dispose();
    }
  } finally {
    await data.close();
  }
}

/** The same without a network: so little work that nothing of it is saved before its end, and no directory is made before it is nearly done. */
async function trainNgrams(addon: NativeAddon, beginning: Beginning, watch: Watch): Promise<TrainResult> {
  const { dataset, recipe, execution, earlier } = beginning;
  if (earlier !== undefined) {
    watch.onProgress?.({
      kind: 'notice',
      text: 'a run without a network is not saved on its way: it begins anew',
    });
  }
  const { data, learnerIn } = await fitNgrams({ addon, dataset, recipe, execution, watch });
  if (earlier !== undefined) requireSameTokens(earlier.record.dataset, data);
  return inDirectory(beginning, (directory) =>
    carryOut(
      { addon, data, recipe, execution, watch, directory, earlier: earlier?.record },
      learnerIn(directory),
    ),
  );
}

/** Goes on in the directory of the earlier run, or in a new one. */
async function inDirectory(
  { dataset, recipe, earlier, out }: Beginning,
  use: (directory: RunDirectory) => Promise<TrainResult>,
): Promise<TrainResult> {
  if (earlier !== undefined) return use(earlier.directory);
  const directory = await RunDirectory.create(out, runName(dataset.name, recipe));
  return released(directory, () => use(directory));
}

async function released<Result>(directory: RunDirectory, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } finally {
    await directory.release();
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

function runName(datasetName: string, recipe: Recipe): string {
  return `${datasetName.replaceAll(/[^\w.+-]+/gu, '-')}-${recipe.recurrent ? recipe.regime : 'ngrams'}-seed${recipe.seed}`;
}
