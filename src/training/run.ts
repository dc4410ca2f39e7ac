import { encodeStream, type ExampleEncoding } from '../text/encode.js';
import type { Example } from '../text/types.js';
import { AdvError } from '../base/errors.js';
import type { NativeAddon, NativeClassifier, NativeTexts } from '../engine/addon.js';
import { parameterCount } from '../engine/cells.js';
import { writeLosses } from './loss-file.js';
import type { Warning } from '../base/warnings.js';
import { ClassificationTally } from '../statistics/metrics.js';
import { readCheckpoint, writeCheckpoint, type CheckpointOwner } from './checkpoint.js';
import { trainingDoubts } from './doubts.js';
import type { Watch } from '../base/events.js';
import { exportModel, modelMetadata } from './export-model.js';
import { throughput } from './history.js';
import { asInterruption } from '../base/interruption.js';
import { lossRows, type Scorer } from './loss-rows.js';
import { isMemoryError } from '../base/memory-error.js';
import { callEngine } from '../engine/calls.js';
import { classifierConfig } from './native-model.js';
import type { Execution } from '../recipe/execution.js';
import type { Recipe } from '../recipe/recipe.js';
import type { PreparedData } from './prepare.js';
import { resumeHint, type RunDirectory } from './run-directory.js';
import { datasetRecord, environmentFacts, runFingerprint } from './run-facts.js';
import {
  recordFormat,
  type RunDataset,
  type RunRecord,
  type RunResult,
  type TestSummary,
} from './run-record.js';
import { runSchedule, type FinishedSchedule } from './schedule.js';
import type { ScheduleState } from './schedule-state.js';
import { counted, scoreStream } from './score.js';
import type { BestEpoch } from './selection.js';
import type { SelectedModel } from '../datasets/proof.js';
import { withoutLearning, type WithoutLearning } from './without-learning.js';

/** What train() returns and `train --json` prints. */
export interface TrainResult {
  /** The run directory. */
  readonly run: string;
  readonly dataset: Pick<RunDataset, 'name' | 'labels' | 'examples' | 'notes'>;
  readonly best: BestEpoch;
  /** Null when the data has no test part. */
  readonly test: TestSummary | null;
  /** What makes the result doubtful. */
  readonly warnings: readonly Warning[];
  readonly throughput: RunResult['throughput'];
  /** Path of the ONNX model. */
  readonly model: string;
  /** Null when onnxruntime-node is not installed. */
  readonly onnxParity: RunResult['onnxParity'];
}

/** Test or validation texts that the exported model is compared on. */
const parityTexts = 256;

/** A run whose data is read and whose directory is locked. */
export interface ActiveRun {
  readonly addon: NativeAddon;
  readonly directory: RunDirectory;
  readonly data: PreparedData;
  readonly recipe: Recipe;
  readonly execution: Execution;
  readonly watch: Watch;
  /** Set when the run continues from its checkpoint. */
  readonly earlier: RunRecord | undefined;
  /** Freshly made for this run; its maker disposes of it. */
  readonly classifier: NativeClassifier;
}

/**
 * The model of a run.
 *
 * @throws AdvError NATIVE when the engine refuses it, such as for an unknown ADVNATIVE_ISA or a lack of memory
 */
export function createClassifier(
  addon: NativeAddon,
  recipe: Recipe,
  data: PreparedData,
  execution: Execution,
): NativeClassifier {
  const size = { vocabularySize: data.vocabulary.size, classCount: data.dataset.labels.length };
  return callEngine(() => new addon.Classifier(classifierConfig(recipe, size, execution.threads)));
}

/**
 * Trains, selects, tests once and exports; run.json tells how it ended whatever happens.
 *
 * @throws AdvError INTERRUPTED with the state saved, NOT_FINITE, STORAGE, CHECKPOINT, DATA_MALFORMED, MODEL
 */
export async function carryOut(run: ActiveRun): Promise<TrainResult> {
  const { classifier, data, directory, earlier, watch } = run;
  const owner: CheckpointOwner = { fingerprint: fingerprintOf(run), tensors: classifier.tensors };
  // Before anything is written: a checkpoint that is refused leaves the run as it was.
  const from = earlier === undefined ? undefined : await readCheckpointOfRun(directory, owner, watch);
  const record = newRecord(run, parameterCount(classifier.tensors));
  await directory.writeRecord(record);
  await directory.writeVocabulary(data.vocabulary);
  return carryOutRecorded(run, record, owner, from);
}

async function carryOutRecorded(
  run: ActiveRun,
  record: RunRecord,
  owner: CheckpointOwner,
  from: ScheduleState | undefined,
): Promise<TrainResult> {
  const { classifier, directory, watch } = run;
  try {
    const finished = await schedule(run, owner, from);
    const { without, doubts } = judge(run, finished);
    const { result, testCount } = await testAndExport(run, classifier, finished, without);
    const examples = { ...record.dataset.examples, test: testCount };
    const warnings = [...(record.warnings ?? []), ...doubts];
    const done = { ...record, dataset: { ...record.dataset, examples }, warnings, result };
    await directory.writeRecord({ ...done, status: 'done', finishedAt: new Date().toISOString() });
    return trainResult(done, result, directory);
  } catch (error) {
    const next = resumeHint(directory.paths.directory);
    const failure = withWayOn(asInterruption(error, watch.signal, next), next);
    await recordFailure(directory, record, failure);
    throw failure;
  }
}

function fingerprintOf({ recipe, data }: ActiveRun): string {
  const { dataset, vocabulary } = data;
  return runFingerprint(recipe, dataset.labels, vocabulary.tokens, dataset.facts.files);
}

async function schedule(
  run: ActiveRun,
  owner: CheckpointOwner,
  from: ScheduleState | undefined,
): Promise<FinishedSchedule> {
  const { classifier, directory, data, recipe, watch } = run;
  const { checkpoint } = directory.paths;
  if (from !== undefined) await directory.writeHistory(from.position.history);
  return runSchedule({
    classifier,
    recipe,
    from,
    train: data.train,
    valid: data.valid,
    classNames: data.dataset.labels,
    resumeHint: resumeHint(directory.paths.directory),
    save: async (state) => {
      await writeCheckpoint(checkpoint, state, owner);
      await directory.writeHistory(state.position.history);
    },
    ...watch,
  });
}

/** A run that was killed before its first checkpoint begins anew, which gives the same bits; it is said, not silent. */
async function readCheckpointOfRun(
  directory: RunDirectory,
  owner: CheckpointOwner,
  watch: Watch,
): Promise<ScheduleState | undefined> {
  if (await directory.hasBegun()) return readCheckpoint(directory.paths.checkpoint, owner);
  watch.onProgress?.({
    kind: 'notice',
    text: 'the run was stopped before its first checkpoint: it begins anew',
  });
  return undefined;
}

/** Compares the selected epoch with what is reached without learning, and tells at once where it is no better. */
function judge(
  { data, recipe, watch }: ActiveRun,
  { diverged, history, selected }: FinishedSchedule,
): { without: WithoutLearning; doubts: readonly Warning[] } {
  const { dataset, train: trained, valid } = data;
  const defaults = dataset.defaults[recipe.level];
  const course = { history, selected, diverged, recipe, train: trained, valid, defaults };
  const without = withoutLearning(course, dataset.labels);
  const doubts = trainingDoubts(course, without);
  for (const warning of doubts) watch.onProgress?.({ kind: 'warning', ...warning });
  return { without, doubts };
}

async function testAndExport(
  run: ActiveRun,
  classifier: NativeClassifier,
  finished: FinishedSchedule,
  without: WithoutLearning,
): Promise<{ result: RunResult; testCount: number | null }> {
  const { data, directory, recipe, watch } = run;
  const { selected, history } = finished;
  classifier.writeParameters(finished.parameters);
  const tested = await testOnce(run, classifier, selected);
  const { vocabulary, dataset, train: trained } = data;
  const metadata = modelMetadata({
    ...{ vocabulary, recipe, selected },
    labels: dataset.labels,
    datasetName: dataset.name,
  });
  const sample = await firstTexts(dataset.test?.open(selected) ?? dataset.valid(), encodingOf(run));
  const parity = await exportModel(classifier, metadata, directory.paths.model, sample, watch);
  const result: RunResult = {
    best: { epoch: selected.epoch, validLoss: selected.validLoss },
    withoutLearning: without,
    test: tested ?? null,
    throughput: throughput(history, { examples: trained.count, tokens: trained.tokens }),
    onnxParity: parity ?? null,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
  return { result, testCount: tested?.n ?? null };
}

/** Reads the test part, which only the selected model opens, and stores the loss of each example. */
async function testOnce(
  run: ActiveRun,
  classifier: NativeClassifier,
  selected: SelectedModel,
): Promise<TestSummary | undefined> {
  const { data, directory, recipe, watch } = run;
  const { labels, test } = data.dataset;
  if (test === undefined) return undefined;
  watch.onProgress?.({ kind: 'stage', text: `testing the model of epoch ${selected.epoch}` });
  const tally = new ClassificationTally(labels);
  const how = { ...encodingOf(run), batchSize: recipe.batchSize };
  const score: Scorer = (texts) => counted(scoreStream(classifier, texts, how, watch, 'testing'), tally);
  await writeLosses(directory.paths.losses, lossRows(test.open(selected), score, labels));
  const { n, loss, accuracy, macroF1 } = tally.metrics();
  return { n, loss, accuracy, macroF1 };
}

function encodingOf({ data, recipe, watch }: ActiveRun): ExampleEncoding {
  const { tokenizer, vocabulary, dataset } = data;
  const { maxTokens } = recipe;
  return { tokenizer, vocabulary, labels: dataset.labels, maxTokens, signal: watch.signal };
}

/** The first texts of a stream, for comparing two computations. */
async function firstTexts(examples: AsyncIterable<Example>, how: ExampleEncoding): Promise<NativeTexts> {
  const encoded = encodeStream(examples, how, parityTexts);
  try {
    const first = await encoded.next();
    if (first.done) throw new Error('a stream of examples that ends without one');
    return first.value;
  } finally {
    await encoded.return();
  }
}

/** A lack of disk or memory, once mended, ends no run: its hint says how to go on. */
function withWayOn(error: unknown, next: string): unknown {
  if (!(error instanceof AdvError) || (error.code !== 'STORAGE' && !isMemoryError(error))) return error;
  const { code, message, hint, cause } = error;
  return new AdvError(code, message, hint === undefined ? next : `${hint} ${next}`, { cause });
}

async function recordFailure(directory: RunDirectory, record: RunRecord, failure: unknown): Promise<void> {
  const known = failure instanceof AdvError;
  const status = known && failure.code === 'INTERRUPTED' ? 'interrupted' : 'failed';
  const message = failure instanceof Error ? failure.message : String(failure);
  const error = { code: known ? failure.code : ('UNEXPECTED' as const), message };
  const finishedAt = new Date().toISOString();
  // On a full disk this fails as well, and the failure that led here is the one to tell.
  await directory.writeRecord({ ...record, status, finishedAt, error }).catch(() => undefined);
}

function newRecord(run: ActiveRun, parameters: number): RunRecord {
  const { addon, data, recipe, execution, earlier, watch } = run;
  const facts = environmentFacts(addon);
  const before = earlier?.machine['instructionSet'] ?? facts.machine['instructionSet'];
  if (before !== facts.machine['instructionSet']) {
    const text = `the run began with ${String(before)} instructions and goes on with ${String(facts.machine['instructionSet'])}: last digits may differ`;
    watch.onProgress?.({ kind: 'notice', text });
  }
  return {
    format: recordFormat,
    status: 'running',
    startedAt: earlier?.startedAt ?? new Date().toISOString(),
    recipe,
    execution,
    ...facts,
    dataset: datasetRecord(data),
    warnings: data.warnings,
    vocabularySize: data.vocabulary.size,
    parameterCount: parameters,
  };
}

function trainResult(record: RunRecord, result: RunResult, directory: RunDirectory): TrainResult {
  const { name, labels, examples, notes } = record.dataset;
  return {
    run: directory.paths.directory,
    dataset: { name, labels, examples, notes },
    best: result.best,
    test: result.test,
    warnings: record.warnings ?? [],
    throughput: result.throughput,
    model: directory.paths.model,
    onnxParity: result.onnxParity,
  };
}
