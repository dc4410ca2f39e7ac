import type { Warning } from '../../base/warnings.js';
import type { SplitName } from '../../datasets/split-names.js';
import type { DatasetFacts } from '../../datasets/types.js';
import type { Level } from '../../text/types.js';
import type { SkippedLines } from '../../files/types.js';
import type { Artificiality } from './artificiality.js';
import type { ClassBalance } from '../../statistics/class-balance.js';
import type { Distribution } from '../../statistics/distribution.js';
import type { LabelNoise } from './label-noise.js';
import type { Richness } from './richness.js';
import type { UnknownShare } from '../../text/token-counts.js';
import type { RankFrequency } from './zipf.js';

/** What describe() returns and `datasets describe --json` prints. Texts are measured whole, but for `cut`. */
export interface DatasetDescription {
  readonly name: string;
  /** As the dataset states it; null where it states none. */
  readonly language: string | null;
  readonly level: Level;
  /** Its steps, each with its version. */
  readonly tokenizer: readonly string[];
  /** Longest text of a model in tokens; see `cut`. */
  readonly maxTokens: number;
  /** The classes, sorted. */
  readonly labels: readonly string[];
  /** Training, validation and, where there is one, test data. */
  readonly splits: readonly SplitDescription[];
  /** Of the training data. */
  readonly vocabulary: VocabularyDescription;
  /** Of the training data. */
  readonly labelNoise: LabelNoise;
  /** Of the training data. */
  readonly artificiality: Artificiality;
  readonly facts: DatasetFacts;
  /** What is likely wrong with the data or with how it is read. */
  readonly warnings: readonly Warning[];
  /** Malformed lines that were left out. */
  readonly skipped: SkippedLines;
}

export interface SplitDescription {
  readonly split: SplitName;
  readonly examples: number;
  readonly classes: ClassBalance;
  /** Tokens in all, each occurrence counted. */
  readonly tokens: number;
  /** Code points in all. */
  readonly characters: number;
  /** Length of a text in tokens. */
  readonly tokensInText: Distribution;
  /** Length of a text in code points. */
  readonly charactersInText: Distribution;
  readonly sentencesInText: Distribution;
  /** Share of the texts that are longer than maxTokens, which a model sees the start of only. */
  readonly cut: number;
  /** What of this split training data lacks; null for the training data. */
  readonly unknown: UnknownShare | null;
}

export interface VocabularyDescription extends Richness {
  /** Different tokens. */
  readonly types: number;
  /** s of Zipf's law by maximum likelihood; null for a single type. */
  readonly zipfExponent: number | null;
  /** Points of the rank-frequency curve, about evenly spaced on a logarithmic axis. */
  readonly ranks: readonly RankFrequency[];
  /** The 20 most frequent tokens. */
  readonly mostFrequent: readonly { readonly token: string; readonly count: number }[];
}
