import { AdvError } from '../base/errors.js';
import type { Warning } from '../base/warnings.js';
import type { ActiveRun } from './active-run.js';
import { linearParts } from './linear-parts.js';
import { readCheckpoint, writeCheckpoint, type CheckpointOwner } from './checkpoint.js';
import { trainingDoubts } from './doubts.js';
import type { Watch } from '../base/events.js';
import { asInterruption } from '../base/interruption.js';
import { isMemoryError } from '../base/memory-error.js';
import { newRecord } from './new-record.js';
import type { RunDirectory } from './run-directory.js';
import { resumeHint } from './run-paths.js';
import { runFingerprint } from './run-facts.js';
import type {
  BaselineResult,
  BranchResult,
  RunDataset,
  RunRecord,
  RunResult,
  TestSummary,
} from './run-record.js';
import { runSchedule, type FinishedSchedule } from './schedule.js';
import type { ScheduleState } from './schedule-state.js';
import type { BestEpoch } from './selection.js';
import { testAndExport } from './test-and-export.js';
import { withoutLearning, type WithoutLearning } from './without-learning.js';

/** What train() returns and `train --json` prints. */
export interface TrainResult {
  /** The run directory. */
  readonly run: string;
  readonly dataset: Pick<RunDataset, 'name' | 'labels' | 'examples' | 'notes'>;
  readonly best: BestEpoch;
  /** Null when the data has no test part. */
  readonly test: TestSummary | null;
  /** The n-grams beside the network; null without them. */
  readonly ngrams: BranchResult | null;
  /** What a linear n-gram classifier reaches on the same data; null with `baseline: false`. */
  readonly baseline: BaselineResult | null;
  /** What makes the result doubtful. */
  readonly warnings: readonly Warning[];
  readonly throughput: RunResult['throughput'];
  /** Path of the ONNX model. */
  readonly model: string;
  /** Null when onnxruntime-node is not installed. */
  readonly onnxParity: RunResult['onnxParity'];
}

/**
 * Trains, selects, tests once and exports; run.json tells how it ended whatever happens.
 *
 * @throws AdvError INTERRUPTED with the state saved, NOT_FINITE, STORAGE, CHECKPOINT, DATA_MALFORMED, MODEL
 */
export async function carryOut(run: ActiveRun): Promise<TrainResult> {
  const { classifier, data, directory, recipe, earlier, watch } = run;
  const { labels, facts } = data.dataset;
  const fingerprint = runFingerprint(recipe, labels, data.vocabulary.tokens, facts.files);
  const owner: CheckpointOwner = { fingerprint, tensors: classifier.tensors, averages: recipe.ema > 0 };
  // Before anything is written: a checkpoint that is refused leaves the run as it was.
  const from = earlier === undefined ? undefined : await readCheckpointOfRun(directory, owner, watch);
  const record = newRecord(run);
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
  const { directory, watch } = run;
  try {
    const finished = await schedule(run, owner, from);
    const { without, doubts } = judge(run, finished);
    run.classifier.writeParameters(finished.parameters);
    const { result, testCount } = await testAndExport(run, finished, without, await linearParts(run));
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

function trainResult(record: RunRecord, result: RunResult, directory: RunDirectory): TrainResult {
  const { name, labels, examples, notes } = record.dataset;
  const { best, ngrams = null, test, baseline = null, throughput, onnxParity } = result;
  const { directory: run, model } = directory.paths;
  const { warnings = [] } = record;
  return {
    run,
    dataset: { name, labels, examples, notes },
    best,
    ngrams,
    test,
    baseline,
    warnings,
    throughput,
    model,
    onnxParity,
  };
}
