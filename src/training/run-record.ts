import { cpus, totalmem } from 'node:os';
import { recordedTokenizer } from '../text/tokenizers/pipeline.js';
import type { DatasetFile, SkippedLines } from '../files/types.js';
import { AdvError, type AdvErrorCode } from '../base/errors.js';
import type { NativeAddon } from '../engine/addon.js';
import { cellNames, isCell } from '../engine/cells.js';
import { packageVersion } from '../base/package.js';
import type { Warning } from '../base/warnings.js';
import { anyNumber, anyText, choice, integer, list, text as nonEmptyText } from '../base/checks.js';
import { fingerprint } from './checkpoint.js';
import type { Execution, Recipe } from './options.js';
import type { PreparedData } from './prepare.js';
import { executionShape, recipeShape } from './recipe-shape.js';
import { bestEpochShape, type BestEpoch } from './selection.js';
import { fields, kept, listOf, optional, orNull, recordOf, type Shape } from '../base/shape.js';
import { withoutLearningShape, type WithoutLearning } from './without-learning.js';

/** Version of run.json's layout. */
export const recordFormat = 2;

export type RunStatus = 'running' | 'interrupted' | 'failed' | 'done';

/** Test metrics as a result names them. */
export interface TestSummary {
  readonly n: number;
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  readonly accuracy: number;
  readonly macroF1: number;
}

/** What a run records of its data. */
export interface RunDataset {
  readonly name: string;
  readonly labels: readonly string[];
  /** Examples in each split; test is null before it is read and where there is none. */
  readonly examples: { readonly train: number; readonly valid: number; readonly test: number | null };
  /** Texts cut to the limit of tokens. */
  readonly truncated: { readonly train: number; readonly valid: number };
  /** Share of validation tokens that training lacks. */
  readonly unknownShare: number;
  /** Hash of the token ids, offsets and labels of training and validation: another version may read the same files otherwise. */
  readonly tokensSha256: string;
  readonly files: readonly DatasetFile[];
  readonly licence: string;
  readonly citation: string;
  readonly notes: readonly string[];
  /** Lines left out because they are malformed. */
  readonly skipped: SkippedLines;
}

/** What a finished run found. */
export interface RunResult {
  readonly best: BestEpoch;
  /** What the best epoch is compared with; results of earlier versions lack it. */
  readonly withoutLearning?: WithoutLearning;
  /** Null when the data has no test part. */
  readonly test: TestSummary | null;
  readonly throughput: { readonly tokensPerSecond: number; readonly examplesPerSecond: number };
  /** Null when onnxruntime-node is not installed. */
  readonly onnxParity: { readonly maxAbsDiff: number; readonly n: number } | null;
  readonly peakMemoryBytes: number;
}

/** run.json. */
export interface RunRecord {
  readonly format: number;
  readonly status: RunStatus;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly recipe: Recipe;
  readonly execution: Execution;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly dataset: RunDataset;
  /** What makes the result doubtful; records of earlier versions lack it. */
  readonly warnings?: readonly Warning[];
  readonly vocabularySize: number;
  readonly parameterCount: number;
  readonly result?: RunResult;
  readonly error?: { readonly code: AdvErrorCode | 'UNEXPECTED'; readonly message: string };
}

/** Versions and machine of this process. */
export function environmentFacts(addon: NativeAddon): Pick<RunRecord, 'versions' | 'machine'> {
  const info = addon.info();
  return {
    versions: {
      advnative: packageVersion,
      node: process.versions.node,
      // Tokenizers ask its tables what is a letter, and which characters are one cluster.
      unicode: process.versions['unicode'] ?? 'unknown',
      compiler: info.compiler,
    },
    machine: {
      platform: process.platform,
      architecture: process.arch,
      processor: cpus()[0]?.model ?? 'unknown',
      hardwareThreads: info.hardwareThreads,
      memoryBytes: totalmem(),
      instructionSet: info.instructionSet,
    },
  };
}

/** What a run records of its data, before the test part is read. */
export function datasetRecord({ dataset, train, valid, tokensSha256 }: PreparedData): RunDataset {
  const { files, licence, citation, notes } = dataset.facts;
  return {
    name: dataset.name,
    labels: dataset.labels,
    examples: { train: train.count, valid: valid.count, test: null },
    truncated: { train: train.truncated, valid: valid.truncated },
    unknownShare: valid.unknownShare,
    tokensSha256,
    files,
    licence,
    citation,
    notes,
    skipped: dataset.skipped,
  };
}

/** All that decides the numbers of a run: a checkpoint made under anything else is refused. */
export function runFingerprint(
  recipe: Recipe,
  labels: readonly string[],
  vocabulary: readonly string[],
  files: readonly DatasetFile[],
): string {
  return fingerprint({ recipe, labels, vocabulary, files: files.map((file) => file.sha256) });
}

/**
 * Refuses data that is not what the run began with.
 *
 * @throws AdvError RUN_DIRECTORY that names the file and both checksums
 */
export function requireSameData(record: RunDataset, files: readonly DatasetFile[]): void {
  const describe = (list: readonly DatasetFile[]): string => list.map((file) => file.sha256).join();
  if (describe(record.files) === describe(files)) return;
  const place = files.findIndex((file, index) => file.sha256 !== record.files[index]?.sha256);
  const before = record.files[place];
  const now = files[place];
  const change =
    before && now
      ? `${now.name} had SHA-256 ${before.sha256} (${before.bytes} bytes) and now has ${now.sha256} (${now.bytes} bytes)`
      : `it had ${record.files.length} files and now has ${files.length}`;
  throw new AdvError(
    'RUN_DIRECTORY',
    `the data of ${record.name} changed since this run began: ${change}`,
    'Put the old data back, or begin a new run with the new data.',
  );
}

/**
 * Refuses to go on with texts that come out as other tokens than when the run began.
 *
 * @throws AdvError RUN_DIRECTORY
 */
export function requireSameTokens(record: RunDataset, data: Pick<PreparedData, 'tokensSha256'>): void {
  if (record.tokensSha256 === data.tokensSha256) return;
  throw new AdvError(
    'RUN_DIRECTORY',
    `the examples of ${record.name} come out as other tokens than when this run began`,
    'Another version of advnative tokenizes, splits or simulates otherwise: use the version that began the run, or begin a new one.',
  );
}

const count = kept(integer(0));
const measured = kept(anyNumber);
const words = kept(anyText);
const fileShape = fields({ name: words, bytes: count, sha256: words });

const datasetShapes: Readonly<Record<keyof RunDataset, Shape>> = {
  name: kept(nonEmptyText),
  labels: kept(list('labels')),
  examples: fields({ train: count, valid: count, test: orNull(count) }),
  truncated: fields({ train: count, valid: count }),
  unknownShare: measured,
  tokensSha256: words,
  files: listOf(fileShape),
  licence: words,
  citation: words,
  notes: listOf(words),
  skipped: fields({ count, first: listOf(words) }),
};

const resultShapes: Readonly<Record<keyof RunResult, Shape>> = {
  best: bestEpochShape,
  withoutLearning: optional(withoutLearningShape),
  test: orNull(fields({ n: count, loss: measured, accuracy: measured, macroF1: measured })),
  throughput: fields({ tokensPerSecond: measured, examplesPerSecond: measured }),
  onnxParity: orNull(fields({ maxAbsDiff: measured, n: count })),
  peakMemoryBytes: count,
};

const recordShapes: Readonly<Record<keyof RunRecord, Shape>> = {
  format: count,
  status: kept(choice('running', 'interrupted', 'failed', 'done')),
  startedAt: words,
  finishedAt: optional(words),
  recipe: recipeShape,
  execution: executionShape,
  versions: recordOf(words),
  machine: fields({}),
  dataset: fields(datasetShapes),
  warnings: optional(listOf(fields({ code: words, message: words }))),
  vocabularySize: count,
  parameterCount: count,
  result: optional(fields(resultShapes)),
  error: optional(fields({ code: words, message: words })),
};
const recordShape = fields(recordShapes);

/**
 * Parses run.json.
 *
 * @throws AdvError RUN_DIRECTORY when it is damaged, of another version, or names a cell or a step of the tokenizer that this
 *   version lacks
 */
export function parseRecord(path: string, text: string): RunRecord {
  const record = parseJson(path, text);
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
  const problem = recordShape(record, '');
  if (problem === undefined) return record as RunRecord;
  throw new AdvError(
    'RUN_DIRECTORY',
    `${path} is damaged: ${problem}`,
    'Restore it from a copy, or begin a new run.',
  );
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AdvError('RUN_DIRECTORY', `${path} is damaged: ${String(error)}`, undefined, { cause: error });
  }
}

function ofAnotherVersion(message: string): AdvError {
  return new AdvError(
    'RUN_DIRECTORY',
    message,
    'Use the version of advnative that wrote it, or begin a new run.',
  );
}
