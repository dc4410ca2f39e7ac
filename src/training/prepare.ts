import { createHash, type Hash } from 'node:crypto';
import { singleClassValidation } from '../datasets/doubts/single-class-validation.js';
import { warningsFor } from '../datasets/doubts/warnings.js';
import { buildVocabulary, type Vocabulary } from '../text/vocabulary.js';
import { catalogue, openOwnData, type OwnDataFiles } from '../datasets/catalogue.js';
import { encodeSplit, type ExampleEncoding } from '../text/encode.js';
import type { RowPlace } from '../text/row-store.js';
import { tokenizerOf } from '../text/tokenizers/pipeline.js';
import type { Dataset } from '../datasets/types.js';
import { inStage } from '../base/stage.js';
import { eachSeen } from '../base/streaming.js';
import { downloadReporter, type Watch } from '../base/events.js';
import type { TokenEncoding } from '../text/reading.js';
import type { EncodedSplit } from '../text/types.js';
import type { SkippedLines } from '../files/types.js';
import type { Warning } from '../base/warnings.js';
import type { DataSource, OwnDataSource } from '../recipe/data-source.js';
import { subwordsOf, type Recipe } from '../recipe/recipe.js';
import { TrainingTextMeasures, type TrainingTexts } from './training-texts.js';

/** What is told of a split. */
export type SplitFacts = Pick<
  EncodedSplit,
  'count' | 'tokens' | 'truncated' | 'unknownShare' | 'classCounts'
>;

/** What a run tells of its training and its validation part, once both are read. */
export interface RunData {
  readonly dataset: Dataset;
  readonly train: SplitFacts;
  readonly valid: SplitFacts;
  /** Null without a network. */
  readonly trainingTexts: TrainingTexts | null;
  /** Hash of the token ids, offsets and labels of both; without a network of their texts and labels. */
  readonly tokensSha256: string;
  /** What is likely wrong with the data or with how it is read. */
  readonly warnings: readonly Warning[];
}

/** Data as the schedule needs it. */
export interface PreparedData extends RunData {
  /** How texts became tokens. */
  readonly tokens: TokenEncoding;
  readonly vocabulary: Vocabulary;
  readonly train: EncodedSplit;
  readonly valid: EncodedSplit;
  /** Frees both splits. */
  close(): Promise<void>;
}

/** Which data, and where it lies. */
export interface SourceOptions {
  readonly data: DataSource;
  readonly limit: number | null;
  readonly seed: number;
  readonly splitSeed: number;
  readonly onMalformed: 'stop' | 'skip';
  readonly dataDir: string | null;
  readonly offline: boolean;
  readonly withoutTest?: boolean;
}

/**
 * Opens a dataset or own files.
 *
 * @throws AdvError USAGE, DATA_MISSING, DATA_MALFORMED, DOWNLOAD, STORAGE
 */
export async function openSource(source: SourceOptions, watch: Watch): Promise<Dataset> {
  const { data, limit, seed, splitSeed, onMalformed, dataDir, offline, withoutTest } = source;
  const options = {
    dataDir: dataDir ?? undefined,
    limit: limit ?? undefined,
    seed,
    splitSeed,
    onMalformed,
    offline,
    withoutTest,
    signal: watch.signal,
    onProgress: downloadReporter(watch),
  };
  if ('dataset' in data) return catalogue.open(data.dataset, options);
  return openOwnData(filesOf(data), options);
}

/**
 * What a recipe says of own files. One from before there was a choice of forms has none, and read all as TSV; one from before headers
 * were looked for takes the first line of TSV for an example unless a column is named.
 */
function filesOf({ train, format = 'tsv', header, ...rest }: OwnDataSource): OwnDataFiles {
  const { valid, test, textColumn, labelColumn, delimiter } = rest;
  const named = (textColumn ?? labelColumn ?? null) !== null;
  return {
    train,
    valid: valid ?? undefined,
    test: test ?? undefined,
    format: format ?? undefined,
    textColumn: textColumn ?? undefined,
    labelColumn: labelColumn ?? undefined,
    delimiter: delimiter ?? undefined,
    header: (header === undefined ? named : header) ?? undefined,
  };
}

/**
 * Reads the training and the validation part: vocabulary from the training part alone, then both as token ids.
 *
 * @param earlier vocabulary of an earlier run, whose ids must stay
 * @param folder an existing folder for what does not fit into memory
 * @returns the data, which the caller closes
 * @throws AdvError DATA_MALFORMED, DATA_MISSING, INTERRUPTED; STORAGE when the disk is full
 */
export async function prepareData(
  dataset: Dataset,
  recipe: Pick<Recipe, 'tokenizer' | 'maxTokens' | 'subwords' | 'buckets'>,
  earlier: Vocabulary | undefined,
  folder: string,
  watch: Watch,
): Promise<PreparedData> {
  const { maxTokens } = recipe;
  const { signal } = watch;
  const tokenizer = tokenizerOf(recipe.tokenizer);
  const hash = createHash('sha256');
  const { tokens, ...splits } = await inStage(`reading ${dataset.name}`, watch, async () => {
    const vocabulary = earlier ?? (await buildVocabulary(dataset.train(), tokenizer, maxTokens, signal));
    const tokens = { tokenizer, vocabulary, maxTokens, subwords: subwordsOf(recipe) };
    const how = { ...tokens, labels: dataset.labels, signal };
    return { tokens, ...(await encodeBoth(dataset, how, { folder, hash })) };
  });
  const warnings = [
    ...warningsFor(dataset, tokenizer),
    ...singleClassValidation(dataset.labels, splits.valid.classCounts),
  ];
  reportData({ dataset, warnings }, watch);
  const { train, valid } = splits;
  if (train.truncated > 0) {
    const text = `${train.truncated} of ${train.count} training texts are longer than ${maxTokens} tokens and were cut`;
    watch.onProgress?.({ kind: 'notice', text });
  }
  reportSkipped(dataset.skipped, watch);
  const tokensSha256 = hash.digest('hex');
  const close = async (): Promise<void> => {
    await train.close();
    await valid.close();
  };
  return { dataset, tokens, vocabulary: tokens.vocabulary, ...splits, tokensSha256, warnings, close };
}

/** One after the other, because the hash takes training data first. */
async function encodeBoth(
  dataset: Dataset,
  how: ExampleEncoding,
  store: RowPlace & { readonly hash: Hash },
): Promise<Pick<PreparedData, 'train' | 'valid' | 'trainingTexts'>> {
  const measures = new TrainingTextMeasures();
  const texts = eachSeen(dataset.train(), (example) => {
    measures.add(example);
  });
  const train = await encodeSplit(texts, how, store);
  try {
    const valid = await encodeSplit(dataset.valid(), how, store);
    return { train, valid, trainingTexts: measures.of(train) };
  } catch (error) {
    await train.close();
    throw error;
  }
}

/** Tells what a reader of a result must know of the data. */
export function reportData({ dataset, warnings }: Pick<RunData, 'dataset' | 'warnings'>, watch: Watch): void {
  for (const text of dataset.facts.notes) watch.onProgress?.({ kind: 'notice', text });
  reportWarnings(warnings, watch);
}

/** Tells of each warning. */
export function reportWarnings(warnings: readonly Warning[], watch: Watch): void {
  for (const warning of warnings) watch.onProgress?.({ kind: 'warning', ...warning });
}

/** Says how many malformed lines, or rows, were left out. */
export function reportSkipped({ count, first: [first] }: SkippedLines, watch: Watch): void {
  if (first === undefined) return;
  watch.onProgress?.({
    kind: 'notice',
    text: `${count} malformed ${count === 1 ? 'line was' : 'lines were'} left out, the first: ${first}`,
  });
}
