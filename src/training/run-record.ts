import { recordedTokenizer } from '../text/tokenizers/pipeline.js';
import { AdvError } from '../base/errors.js';
import { parseJson } from '../base/json.js';
import type { WarningCode } from '../base/warnings.js';
import { cellNames, isCell } from '../engine/cells.js';
import {
  anyNumber,
  anyText,
  choice,
  integer,
  list,
  text as nonEmptyText,
  textOrNumber,
  type Rule,
} from '../base/rules.js';
import { checked, fields, kept, listOf, optional, orNull, recordOf, type Kept } from '../base/schema.js';
import { executionSchema } from '../recipe/execution.js';
import { completed, recipeSchema, type Recipe } from '../recipe/recipe.js';
import { lossAlongSchema } from './loss-along.js';
import { trainingTextsSchema } from './training-texts.js';
import { bestEpochSchema, epochsByCriterionSchema } from './selection.js';
import { withoutLearningSchema } from './without-learning.js';

/** Version of run.json's layout. */
export const recordFormat = 2;

const count = kept(integer(0));
const measured = kept(anyNumber);
const words = kept(anyText);

/** What every summary of test metrics holds. */
export const summaryFields = {
  n: count,
  /** Mean loss, of the kind that the recipe names: cross-entropy in nats, or the squared error. */
  loss: measured,
  accuracy: measured,
  macroF1: measured,
} as const;

const testSummarySchema = fields(summaryFields);

/** Test metrics as a result names them. */
export interface TestSummary extends Kept<typeof testSummarySchema> {}

/** The metrics of a summary. */
export function summaryOf({ n, loss, accuracy, macroF1 }: TestSummary): TestSummary {
  return { n, loss, accuracy, macroF1 };
}

const datasetSchema = fields({
  name: kept(nonEmptyText),
  /** As the dataset states it; null where it states none. Records of earlier versions lack it, as the next ones that may be missing. */
  language: optional(orNull(words)),
  labels: kept(list('labels')),
  /** Training examples of each class, in the order of the labels. */
  classCounts: optional(listOf(count)),
  /** Examples in each split; test is null before it is read and where there is none. */
  examples: fields({ train: count, valid: count, test: orNull(count) }),
  /** Texts cut to the limit of tokens. */
  truncated: fields({ train: count, valid: count }),
  /** Share of validation tokens that training lacks. */
  unknownShare: measured,
  /** Null without a network. */
  trainingTexts: optional(orNull(trainingTextsSchema)),
  /** Hash of the token ids, offsets and labels of training and validation: another version may read the same files otherwise. */
  tokensSha256: words,
  files: listOf(fields({ name: words, bytes: count, sha256: words })),
  licence: words,
  citation: words,
  notes: listOf(words),
  /** Lines left out because they are malformed. */
  skipped: fields({ count, first: listOf(words) }),
});

/** What a run records of its data. */
export interface RunDataset extends Kept<typeof datasetSchema> {}

const comparisonSchema = fields({
  n: count,
  meanDifference: measured,
  t: measured,
  df: count,
  p: measured,
  ci95: kept({
    expected: 'a list of two numbers',
    accepts: (value): value is [number, number] =>
      Array.isArray(value) && value.length === 2 && value.every((bound) => anyNumber.accepts(bound)),
  }),
  cohensDz: measured,
  better: kept(choice('a', 'b', 'neither')),
});

const baselineSchema = fields({
  /** Training examples that it was fitted on: fewer than the run's where these are many. */
  examples: count,
  /** Its n-grams. */
  features: count,
  valid: testSummarySchema,
  /** Null when the data has no test part. */
  test: orNull(testSummarySchema),
  /** Of the test losses: a is the run's model, b the baseline. Null where there are fewer than two. */
  comparison: orNull(comparisonSchema),
  /** From the first text to the validation result. */
  seconds: measured,
});

const branchSchema = fields({
  /** Number of n-grams. */
  features: count,
  /** Training examples that they were fitted on. */
  examples: count,
  /** What the network's logits and the n-grams' scores are multiplied by before they are added; the first is null without a network. */
  networkScale: orNull(measured),
  ngramScale: measured,
  /** Of network and n-grams together, or of the n-grams alone where there is no network. */
  valid: testSummarySchema,
});

/** What the n-grams beside the network, or in its place, are. */
export interface BranchResult extends Kept<typeof branchSchema> {}

/** What a linear n-gram classifier reaches on the same data. */
export interface BaselineResult extends Kept<typeof baselineSchema> {}

const resultSchema = fields({
  /** Of the network alone; without one the fit of the n-grams is epoch 1. */
  best: bestEpochSchema,
  /** What --select would have selected with each of its criteria; results of earlier versions lack it. */
  epochsBy: optional(epochsByCriterionSchema),
  /** Where the recipe has n-grams. */
  ngrams: optional(branchSchema),
  /** What the best epoch is compared with; results of earlier versions lack it. */
  withoutLearning: optional(withoutLearningSchema),
  /** Of the network alone, on validation texts; null without one. Results of earlier versions lack it. */
  lossAlong: optional(orNull(lossAlongSchema)),
  /** Null when the data has no test part. */
  test: orNull(testSummarySchema),
  /** Null with --no-baseline; results of earlier versions lack it. */
  baseline: optional(orNull(baselineSchema)),
  throughput: fields({ tokensPerSecond: measured, examplesPerSecond: measured }),
  /** Null when onnxruntime-node is not installed. */
  onnxParity: orNull(fields({ maxAbsDiff: measured, n: count })),
  peakMemoryBytes: count,
});

/** What a finished run found. */
export interface RunResult extends Kept<typeof resultSchema> {}

// Another version may have others.
const warningSchema = fields({ code: kept(anyText as Rule<WarningCode>), message: words });

const recordSchema = fields({
  format: count,
  status: kept(choice('running', 'interrupted', 'failed', 'done')),
  startedAt: words,
  finishedAt: optional(words),
  recipe: recipeSchema,
  execution: executionSchema,
  versions: recordOf(words),
  machine: recordOf(kept(textOrNumber)),
  dataset: datasetSchema,
  /** What makes the result doubtful; records of earlier versions lack it. */
  warnings: optional(listOf(warningSchema)),
  vocabularySize: count,
  parameterCount: count,
  result: optional(resultSchema),
  /** The code is an AdvErrorCode, or 'UNEXPECTED'. */
  error: optional(fields({ code: words, message: words })),
});

/** run.json. */
export interface RunRecord extends Kept<typeof recordSchema> {}

/**
 * Parses run.json.
 *
 * @throws AdvError RUN_DIRECTORY when it is damaged, of another version, or names a cell or a step of the tokenizer that this
 *   version lacks
 */
export function parseRecord(path: string, content: string | Buffer): RunRecord {
  const refuse = (problem: string, cause?: unknown): AdvError => damagedRecord(path, problem, cause);
  const record = parseJson(content, refuse);
  const { format, recipe } = (record ?? {}) as Partial<RunRecord>;
  if (format !== recordFormat) {
    throw ofAnotherVersion(`${path} has format version ${String(format)}, expected ${recordFormat}`);
  }
  // Every version has recorded the cell, so that a record without one is as wrong as one of an unknown cell.
  const { cell, tokenizer } = (recipe ?? {}) as Partial<Recipe>;
  if (!isCell(cell)) {
    const named = JSON.stringify(cell) as string | undefined;
    throw ofAnotherVersion(
      `${path} has recipe.cell ${String(named)}, expected one of ${cellNames.join(', ')}`,
    );
  }
  recordedTokenizer(tokenizer, (problem) => ofAnotherVersion(`${path}, recipe.tokenizer: ${problem}`));
  const known = checked(recordSchema, record, refuse);
  if (known.status === 'done' && known.result === undefined) {
    throw refuse('result: expected that of a run that is done, got nothing');
  }
  return { ...known, recipe: completed(known.recipe) };
}

function damagedRecord(path: string, problem: string, cause?: unknown): AdvError {
  const hint = 'Restore it from a copy, or begin a new run.';
  return new AdvError('RUN_DIRECTORY', `${path} is damaged: ${problem}`, hint, { cause });
}

function ofAnotherVersion(message: string): AdvError {
  return new AdvError(
    'RUN_DIRECTORY',
    message,
    'Use the version of advnative that wrote it, or begin a new run.',
  );
}
