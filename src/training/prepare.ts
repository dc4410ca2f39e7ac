import { buildVocabulary, type Vocabulary } from '../data/vocabulary.js';
import { datasets, openOwnData } from '../data/datasets.js';
import { encodeSplit } from '../data/encode.js';
import { tokenizerFor } from '../data/tokenizers.js';
import type { Dataset, EncodedSplit, OpenSplit, Tokenizer } from '../data/types.js';
import type { Watch } from './events.js';
import type { DataSource, Recipe } from './options.js';

/** Data as the schedule needs it. */
export interface PreparedData {
  readonly dataset: Dataset;
  readonly tokenizer: Tokenizer;
  readonly vocabulary: Vocabulary;
  readonly train: EncodedSplit;
  readonly valid: EncodedSplit;
}

/** Which data, and where it lies. */
export interface SourceOptions {
  readonly data: DataSource;
  readonly limit: number | null;
  readonly seed: number;
  readonly onMalformed: 'stop' | 'skip';
  readonly dataDir: string | null;
  readonly offline: boolean;
}

/**
 * Opens a dataset or own files.
 *
 * @throws AdvError USAGE, DATA_MISSING, DATA_MALFORMED, DOWNLOAD, STORAGE
 */
export async function openSource(source: SourceOptions, watch: Watch): Promise<Dataset> {
  const { data, limit, seed, onMalformed, dataDir, offline } = source;
  const options = {
    dataDir: dataDir ?? undefined,
    limit: limit ?? undefined,
    seed,
    onMalformed,
    offline,
    signal: watch.signal,
    onProgress: (progress: { file: string; receivedBytes: number; totalBytes: number | undefined }): void => {
      watch.onProgress?.({ kind: 'download', ...progress });
    },
  };
  if ('dataset' in data) return datasets.open(data.dataset, options);
  const { train, valid, test } = data;
  return openOwnData({ train, valid: valid ?? undefined, test: test ?? undefined }, options);
}

/**
 * Reads the training and the validation part: vocabulary from the training part alone, then both as token ids.
 *
 * @param vocabulary that of an earlier run, whose ids must stay
 */
export async function prepareData(
  dataset: Dataset,
  recipe: Pick<Recipe, 'level' | 'maxTokens'>,
  vocabulary: Vocabulary | undefined,
  watch: Watch,
): Promise<PreparedData> {
  const { maxTokens } = recipe;
  const { signal } = watch;
  const tokenizer = tokenizerFor(recipe.level);
  watch.onProgress?.({ kind: 'stage', text: `reading ${dataset.name}` });
  const tokens = vocabulary ?? (await buildVocabulary(dataset.train(), tokenizer, maxTokens, signal));
  const encode = (open: OpenSplit): Promise<EncodedSplit> =>
    encodeSplit(open(), { tokenizer, vocabulary: tokens, labels: dataset.labels, maxTokens, signal });
  const train = await encode(dataset.train);
  const valid = await encode(dataset.valid);
  reportData(dataset, train, maxTokens, watch);
  return { dataset, tokenizer, vocabulary: tokens, train, valid };
}

function reportData(dataset: Dataset, train: EncodedSplit, maxTokens: number, watch: Watch): void {
  const notice = (text: string): void => watch.onProgress?.({ kind: 'notice', text });
  dataset.facts.notes.forEach(notice);
  if (train.truncated > 0) {
    notice(
      `${train.truncated} of ${train.labels.length} training texts are longer than ${maxTokens} tokens and were cut`,
    );
  }
  reportSkipped(dataset.skipped, watch);
}

/** Says how many malformed lines were left out. */
export function reportSkipped(skipped: readonly string[], watch: Watch): void {
  const [first] = skipped;
  if (first === undefined) return;
  watch.onProgress?.({
    kind: 'notice',
    text: `${skipped.length} malformed ${skipped.length === 1 ? 'line was' : 'lines were'} left out, the first: ${first}`,
  });
}
