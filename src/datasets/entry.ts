import type { Corpus } from '../corpora/corpus.js';
import type { DefaultsByLevel } from '../recipe/presets.js';
import type { BestByExamples } from './best.js';
import type { Dataset, OpenDatasetOptions } from './types.js';

/** What a dataset sets where the user says nothing; what is best depends on how many training examples there are. */
export interface UsualSettings extends Pick<Dataset, 'level' | 'defaults'> {
  readonly best: BestByExamples;
}

/** The same for so many training examples. */
export const settingsFor = ({ best, ...usual }: UsualSettings, examples: number): DefaultsByLevel => ({
  ...usual,
  best: best(examples),
});

/** A dataset that has a name, before it is opened. */
export interface DatasetEntry {
  readonly name: string;
  readonly description: string;
  /** The classes, sorted. */
  readonly labels: readonly string[];
  readonly usual: UsualSettings;
  /** Where its files come from; undefined for a dataset that has none. */
  readonly corpus: (() => Corpus) | undefined;
  /** @throws AdvError DATA_MISSING, DATA_MALFORMED, DOWNLOAD, STORAGE, USAGE, INTERRUPTED */
  open(options: OpenDatasetOptions): Dataset | Promise<Dataset>;
}
