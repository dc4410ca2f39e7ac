import { resolve } from 'node:path';
import { asInterruption } from '../base/interruption.js';
import { AdvError } from '../base/errors.js';
import type { Watch } from '../base/events.js';
import { catalogue } from '../datasets/catalogue.js';
import { withLevelNote } from '../datasets/doubts/scripts.js';
import type { Dataset } from '../datasets/types.js';
import { withNotes } from '../datasets/with-notes.js';
import { checkTrainOptions } from '../recipe/check.js';
import { dataSource } from '../recipe/data-source.js';
import { resolveExecution, type Execution } from '../recipe/execution.js';
import { resolveRecipe, seedsOf, type Recipe } from '../recipe/recipe.js';
import type { TrainOptions } from '../recipe/table.js';
import type { Vocabulary } from '../text/vocabulary.js';
import { openSource } from './prepare.js';
import { byRecord, readRecord, readVocabulary } from './read-run.js';
import { RunDirectory, requireFree } from './run-directory.js';
import { requireSameData } from './run-facts.js';
import { defaultParent, nearestFolder, resumeHint } from './run-paths.js';
import type { RunRecord } from './run-record.js';

/** Where a run sets out from: its options, or what an earlier process left of it. */
export interface Beginning {
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

/** What a run begins with. */
export interface BeginningOptions {
  readonly options: TrainOptions;
  /** Whether the data's test part is left out, not even opened. Default false. */
  readonly withoutTest?: boolean;
}

/**
 * Opens the data of a new run, or of the one that options resume, and lets it be worked on.
 *
 * @throws AdvError USAGE and what opening the data or the directory and the work throw; INTERRUPTED with the command that goes on
 */
export async function begun<Result>(
  { options, withoutTest = false }: BeginningOptions,
  watch: Watch,
  use: (beginning: Beginning) => Promise<Result>,
): Promise<Result> {
  checkTrainOptions(options);
  const { resume } = options;
  try {
    if (resume === undefined) return await use(await anew(options, withoutTest, watch));
    const directory = await RunDirectory.reopen(resume);
    return await released(directory, () =>
      byRecord(resume, async () => use(await continued(directory, { options, withoutTest }, watch))),
    );
  } catch (error) {
    const next =
      resume === undefined ? 'Nothing was trained yet: run the same command again.' : resumeHint(resume);
    throw asInterruption(error, watch.signal, next);
  }
}

async function anew(options: TrainOptions, withoutTest: boolean, watch: Watch): Promise<Beginning> {
  const { out, limit = null, onMalformed = 'stop' } = options;
  if (out !== undefined) await requireFree(out);
  const execution = await located(resolveExecution(options), options);
  const { dataDir, offline } = execution;
  const source = { data: dataSource(options), limit, ...seedsOf(options), onMalformed, dataDir, offline };
  const opened = await openSource({ ...source, withoutTest }, watch);
  const recipe = resolveRecipe(options, opened);
  const dataset = recipe.recurrent ? withLevelNote(opened, options) : opened;
  const folder = await nearestFolder(out ?? defaultParent);
  return { dataset, recipe, execution, vocabulary: undefined, folder, out };
}

async function continued(
  directory: RunDirectory,
  { options, withoutTest = false }: BeginningOptions,
  watch: Watch,
): Promise<Beginning> {
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
  const opened = await openSource({ ...recipe, ...execution, withoutTest }, watch);
  requireSameData(record.dataset, opened.facts.files);
  // Whether the user chose how texts are read is known where the run began alone.
  const dataset = withNotes(opened, record.dataset.notes);
  const vocabulary = await readVocabulary(directory.paths);
  return { dataset, recipe, execution, vocabulary, folder: path, earlier: { record, directory } };
}

/** Goes on in the directory of the earlier run, or in a new one. */
export async function inDirectory<Result>(
  { dataset, recipe, earlier, out }: Beginning,
  use: (directory: RunDirectory) => Promise<Result>,
): Promise<Result> {
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
