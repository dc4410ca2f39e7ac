import { AdvError } from '../base/errors.js';
import { presetDefaults } from '../recipe/presets.js';
import type { Warning } from '../base/warnings.js';
import type { ActiveRun } from './active-run.js';
import { jointDoubts, trainingDoubts } from './doubts.js';
import { asInterruption } from '../base/interruption.js';
import { isMemoryError } from '../base/memory-error.js';
import { newRecord, type ModelSizes } from './new-record.js';
import type { RunDirectory } from './run-directory.js';
import { resumeHint } from './run-paths.js';
import type {
  BaselineResult,
  BranchResult,
  RunDataset,
  RunRecord,
  RunResult,
  TestSummary,
} from './run-record.js';
import type { FinishedSchedule } from './schedule.js';
import type { BestEpoch } from './selection.js';
import { testAndExport, type LearntModel } from './test-and-export.js';
import { withoutLearning, type WithoutLearning } from './without-learning.js';

/** What train() returns and `train --json` prints. */
export interface TrainResult {
  /** The run directory. */
  readonly run: string;
  readonly dataset: Pick<RunDataset, 'name' | 'labels' | 'examples' | 'notes'>;
  /** Of the network alone, where `ngrams.valid` and `test` are of network and n-grams together; without a network the fit of the n-grams is epoch 1. */
  readonly best: BestEpoch;
  /** The epoch that each criterion of `select` would have selected. */
  readonly epochsBy: RunResult['epochsBy'];
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

/** How the model of a run comes to be. */
export interface Learner {
  readonly sizes: ModelSizes;
  /** Trains it and selects it. */
  learn(): Promise<LearntModel & { readonly doubts: readonly Warning[] }>;
}

/**
 * Trains, selects, tests once and exports; run.json tells how it ended whatever happens.
 *
 * @throws AdvError INTERRUPTED, NOT_FINITE, STORAGE, DATA_MALFORMED, MODEL, and what the learner throws
 */
export async function carryOut(run: ActiveRun, learner: Learner): Promise<TrainResult> {
  const { directory } = run;
  return recorded(run, learner.sizes, async (record) => {
    const { doubts, ...model } = await learner.learn();
    const { result, testCount } = await testAndExport(run, model);
    const examples = { ...record.dataset.examples, test: testCount };
    const warnings = [...(record.warnings ?? []), ...doubts];
    const done = { ...record, dataset: { ...record.dataset, examples }, warnings, result };
    await directory.writeRecord({ ...done, status: 'done', finishedAt: new Date().toISOString() });
    return trainResult(done, result, directory);
  });
}

/**
 * Does work in a run's directory, whose run.json tells that it is going on, and how it failed if it does.
 *
 * @throws what the work throws; an interruption with the command that goes on
 */
export async function recorded<Result>(
  run: ActiveRun,
  sizes: ModelSizes,
  work: (record: RunRecord) => Promise<Result>,
): Promise<Result> {
  const { directory, watch } = run;
  const record = newRecord(run, sizes);
  await directory.writeRecord(record);
  try {
    return await work(record);
  } catch (error) {
    const next = resumeHint(directory.paths.directory);
    const failure = withWayOn(asInterruption(error, watch.signal, next), next);
    await recordFailure(directory, record, failure);
    throw failure;
  }
}

/** Compares the selected epoch with what is reached without learning, and tells at once where it is no better. */
export function judge(
  { data, recipe, watch }: Pick<ActiveRun, 'data' | 'recipe' | 'watch'>,
  { diverged, history, selected }: Pick<FinishedSchedule, 'diverged' | 'history' | 'selected'>,
): { without: WithoutLearning; doubts: readonly Warning[] } {
  const { dataset, train: trained, valid } = data;
  const defaults = presetDefaults(recipe, dataset);
  const course = { history, selected, diverged, recipe, train: trained, valid, defaults };
  const without = withoutLearning(course, dataset.labels);
  const doubts = trainingDoubts(course, without);
  for (const warning of doubts) watch.onProgress?.({ kind: 'warning', ...warning });
  return { without, doubts };
}

/** The same of a network together with its n-grams, where it has some. */
export function judgeJoint(
  { recipe, watch }: Pick<ActiveRun, 'recipe' | 'watch'>,
  judged: ReturnType<typeof judge>,
  { branchResult }: Pick<LearntModel, 'branchResult'>,
): readonly Warning[] {
  if (branchResult === undefined) return [];
  const told = judged.doubts.length > 0;
  const doubts = jointDoubts(branchResult.valid, judged.without, { recipe, told });
  for (const warning of doubts) watch.onProgress?.({ kind: 'warning', ...warning });
  return doubts;
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
  const { best, epochsBy, ngrams = null, test, baseline = null, throughput, onnxParity } = result;
  const { directory: run, model } = directory.paths;
  const { warnings = [] } = record;
  return {
    run,
    dataset: { name, labels, examples, notes },
    best,
    epochsBy,
    ngrams,
    test,
    baseline,
    warnings,
    throughput,
    model,
    onnxParity,
  };
}
