import type { Corpus } from '../corpora/corpus.js';
import type { Dataset, OpenDatasetOptions } from './types.js';

/** A dataset that has a name, before it is opened. */
export interface DatasetEntry {
  readonly name: string;
  readonly description: string;
  /** The classes, sorted. */
  readonly labels: readonly string[];
  /** Where its files come from; undefined for a dataset that has none. */
  readonly corpus: (() => Corpus) | undefined;
  /** @throws AdvError DATA_MISSING, DATA_MALFORMED, DOWNLOAD, STORAGE, USAGE, INTERRUPTED */
  open(options: OpenDatasetOptions): Dataset | Promise<Dataset>;
}
