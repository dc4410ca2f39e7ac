import type { FindCorpusOptions } from '../corpora/types.js';
import type { DatasetFile, SkippedLines } from '../files/types.js';
import type { Example, Level } from '../text/types.js';
import type { Warning } from '../base/warnings.js';
import type { BestSettings } from '../recipe/presets.js';
import type { DatasetDefaults } from '../recipe/table.js';
import type { Doubt } from './doubts/doubt.js';
import type { Inspection, SelectedModel } from './proof.js';

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

/** A dataset, found and ready to stream. */
export interface Dataset {
  readonly name: string;
  /** Classes in a fixed order, sorted; the label id of a class is its place here. */
  readonly labels: readonly string[];
  /** Tokens where neither the user nor the preset says anything. */
  readonly level: Level;
  /** Scripts without spaces between words for which `level` is characters; absent where it was not chosen by the texts. */
  readonly unspaced?: readonly string[] | undefined;
  readonly defaults: Readonly<Record<Level, DatasetDefaults>>;
  /** What validation data found best in their place. */
  readonly best: BestSettings;
  readonly train: OpenSplit;
  readonly valid: OpenSplit;
  /** Absent when the user's own data has no test file. */
  readonly test: SealedSplit | undefined;
  readonly facts: DatasetFacts;
  /** What is likely wrong with users' data, which `facts.warnings` says in words. */
  readonly doubts?: readonly Doubt[] | undefined;
  /** Some training examples of users' data, of their texts the start. */
  readonly sample?: readonly Example[] | undefined;
  /** Why training refuses to hold out validation data, where `allowIncomplete` let it pass. */
  readonly noneHeldOut?: string | undefined;
  /** Lines left out so far because they are malformed (onMalformed: 'skip'). */
  readonly skipped: SkippedLines;
}

export interface OpenDatasetOptions extends FindCorpusOptions {
  /** Training examples, balanced over classes; all when absent. Above what exists is a USAGE error with the numbers. */
  readonly limit?: number | undefined;
  /** Seed of the draw that `limit` makes and of the simulator. */
  readonly seed: number;
  /** Seed of splits that are drawn: the same splits for every seed of a run. Default 1. */
  readonly splitSeed?: number | undefined;
  /** A malformed line ends the run ('stop', the default) or is left out and reported ('skip'). */
  readonly onMalformed?: 'stop' | 'skip' | undefined;
  /**
   * For a look at the data alone, not for training: what there is of a corpus, and data of a single class or without
   * texts to hold out. Default false.
   */
  readonly allowIncomplete?: boolean | undefined;
  /** Leaves the test part out: a file of its own is not even opened. For a choice that must not know it. Default false. */
  readonly withoutTest?: boolean | undefined;
}
