import type { NativeBatch } from '../engine/addon.js';
import type { SelectedModel } from '../training/selection.js';
import type { Warning } from '../base/warnings.js';
import type { Doubt } from './doubts/doubt.js';
import type { Inspection } from './inspection.js';

/** One text and its class. `id` is stable over runs and unique in its split; paired tests match examples by text and label. */
export interface Example {
  readonly id: string;
  readonly text: string;
  readonly label: string;
}

/** A split that may be read at any time: training and validation data. Each call reads anew from the start. */
export type OpenSplit = () => AsyncIterable<Example>;

/**
 * The test split. Training and evaluation cannot read it without a SelectedModel, and only model selection makes those:
 * that a model sees a test example before selection is a type error.
 */
export interface SealedSplit {
  open(selected: SelectedModel): AsyncIterable<Example>;
  /** The same examples for measures of the data itself, which make the Inspection that this takes (see inspection.ts). */
  inspect(inspection: Inspection): AsyncIterable<Example>;
}

export type Level = 'char' | 'word';
export type Size = 'big' | 'small';

/** One file that went into a dataset. */
export interface DatasetFile {
  /** Path below the data directory, or the path as the user gave it. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a run records of its data. */
export interface DatasetFacts {
  readonly name: string;
  readonly files: readonly DatasetFile[];
  /** Language of the texts in words, such as "Czech"; absent where it is not known. */
  readonly language?: string | undefined;
  readonly licence: string;
  readonly citation: string;
  /** Examples of each class in the files, duplicates included, of a corpus without official splits. */
  readonly found?: Readonly<Record<string, number>>;
  /** Anything a reader of a result must know, such as "a pool, not the official training data". */
  readonly notes: readonly string[];
  /** What is likely wrong with the data, none when left out. */
  readonly warnings?: readonly Warning[] | undefined;
}

/** Dimensions of a model: E embedding, H hidden of one direction, M MLP hidden. */
export interface ModelSize {
  readonly embedding: number;
  readonly hidden: number;
  readonly mlp: number;
}

/** What a dataset sets for a level where the user says nothing: the paper's values where it has them. */
export interface DatasetDefaults {
  /** Steps of the tokenizer, as `--tokenizer` takes them. */
  readonly tokenizer: readonly string[];
  readonly sizes: Readonly<Record<Size, ModelSize>>;
  /** Longest text in tokens without begin and end; longer ones are cut and counted. */
  readonly maxTokens: number;
  readonly unknownRate: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly embeddingRange: number;
  readonly clipNorm: number;
  /** ε of adversarial training, in standard deviations of the embedding table. */
  readonly epsilon: number;
  readonly epochs: number;
  readonly patience: number;
}

/** A dataset, found and ready to stream. */
export interface Dataset {
  readonly name: string;
  /** Classes in a fixed order, sorted; the label id of a class is its place here. */
  readonly labels: readonly string[];
  /** Tokens where the user says nothing. */
  readonly level: Level;
  /** Scripts without spaces between words for which `level` is characters; absent where it was not chosen by the texts. */
  readonly unspaced?: readonly string[] | undefined;
  readonly defaults: Readonly<Record<Level, DatasetDefaults>>;
  readonly train: OpenSplit;
  readonly valid: OpenSplit;
  /** Absent when the user's own data has no test file. */
  readonly test: SealedSplit | undefined;
  readonly facts: DatasetFacts;
  /** What is likely wrong with users' data, which `facts.warnings` says in words. */
  readonly doubts?: readonly Doubt[] | undefined;
  /** Some training examples of users' data, of their texts the start. */
  readonly sample?: readonly Example[] | undefined;
  /** Lines left out so far because they are malformed (onMalformed: 'skip'). */
  readonly skipped: SkippedLines;
}

/** Malformed lines that were left out, each counted once however often its file was read. */
export interface SkippedLines {
  readonly count: number;
  /** The first 100 of them, each as "file:line: what is wrong". */
  readonly first: readonly string[];
}

export interface OpenDatasetOptions {
  /** Where corpora lie; else ADVNATIVE_DATA, else the user's cache, else a download into the cache. */
  readonly dataDir?: string | undefined;
  /** Training examples, balanced over classes; all when absent. Above what exists is a USAGE error with the numbers. */
  readonly limit?: number | undefined;
  /** Seed of the draw that `limit` makes and of the simulator. */
  readonly seed: number;
  /** Seed of splits that are drawn: the same splits for every seed of a run. Default 1. */
  readonly splitSeed?: number | undefined;
  /** A malformed line ends the run ('stop', the default) or is left out and reported ('skip'). */
  readonly onMalformed?: 'stop' | 'skip' | undefined;
  /** No download: missing files are an error at once. */
  readonly offline?: boolean | undefined;
  /** For a look at the data alone, not for training: what there is of a corpus, and data of a single class. Default false. */
  readonly allowIncomplete?: boolean | undefined;
  /** Receives download progress. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What datasets.fetch() takes. */
export interface FetchOptions {
  /** The data directory to fetch to; else the user's cache. */
  readonly dataDir?: string | undefined;
  /** Fetch anew and replace what is there, where a run finds it: that may be the folder of ADVNATIVE_DATA. */
  readonly force?: boolean | undefined;
  /** Receives download progress. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A file of a corpus that is there. */
export interface FetchedFile extends DatasetFile {
  /** Whether it is the official file; null where the official checksum is not known. */
  readonly official: boolean | null;
}

/** What datasets.fetch() found or fetched. */
export interface FetchedDataset {
  /** Name of the corpus, and of its folder. */
  readonly name: string;
  /** Its full name, for people. */
  readonly title: string;
  /** The corpus's folder. */
  readonly folder: string;
  /** True when every file was there and nothing was downloaded. */
  readonly alreadyThere: boolean;
  /** The files; names are paths below the folder. */
  readonly files: readonly FetchedFile[];
  /** The addresses that files came from. */
  readonly from: readonly string[];
  /** The addresses that were tried before and failed. */
  readonly failures: readonly { readonly url: string; readonly reason: string }[];
  readonly licence: string;
  readonly citation: string;
  /** The page that tells about the corpus. */
  readonly page: string;
}

export interface DownloadProgress {
  readonly file: string;
  readonly receivedBytes: number;
  readonly totalBytes: number | undefined;
  /** The process that downloads the same, where this one waits for it. */
  readonly waitingFor?: string | undefined;
}

/** Turns text into tokens, a step after the other. */
export interface Tokenizer {
  /** Every step as 'name@version': what inference needs to do exactly the same. */
  readonly steps: readonly string[];
  tokenize(text: string): string[];
}

/**
 * A split as token ids. Its rows are the examples in the order of the data; only a few bytes of each are sure to be in
 * memory, the ids come a batch at a time.
 */
export interface EncodedSplit {
  /** Number of examples. */
  readonly count: number;
  /** Number of tokens, with begin and end of every text. */
  readonly tokens: number;
  /** Examples whose text was longer than maxTokens. */
  readonly truncated: number;
  /** Share of tokens that the vocabulary lacks. */
  readonly unknownShare: number;
  /** Examples of each class, in the order of the labels. */
  readonly classCounts: readonly number[];
  /** Tokens of one row's text, with begin and end. */
  lengthOf(row: number): number;
  /**
   * Packs the texts and labels of some rows, in their order: ids [N], offsets [B + 1], labels [B].
   *
   * @throws AdvError STORAGE when the disk that holds the ids fails
   */
  batch(rows: Int32Array): Promise<NativeBatch>;
  /** Frees memory and disk, after the reads that have begun. No batch may be asked for afterwards. */
  close(): Promise<void>;
}
