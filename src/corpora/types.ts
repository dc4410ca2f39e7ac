import type { DownloadProgress } from '../base/events.js';
import type { DatasetFile } from '../files/types.js';
import type { Corpus } from './corpus.js';

/** Where a corpus is looked for, and whether it may be fetched. */
export interface FindCorpusOptions {
  /** Where corpora lie; else ADVNATIVE_DATA, else the user's cache, else a download into the cache. */
  readonly dataDir?: string | undefined;
  /** No download: missing files are an error at once. */
  readonly offline?: boolean | undefined;
  /** Receives download progress. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What datasets.fetch() takes. */
export interface FetchOptions extends Pick<FindCorpusOptions, 'onProgress' | 'signal'> {
  /** The data directory to fetch to; else the user's cache. */
  readonly dataDir?: string | undefined;
  /** Fetch anew and replace what is there, where a run finds it: that may be the folder of ADVNATIVE_DATA. */
  readonly force?: boolean | undefined;
}

/** A file of a corpus that is there. */
export interface FetchedFile extends DatasetFile {
  /** Whether it is the official file; null where the official checksum is not known. */
  readonly official: boolean | null;
}

/** What datasets.fetch() found or fetched. */
export interface FetchedDataset extends Pick<Corpus, 'name' | 'title' | 'licence' | 'citation' | 'page'> {
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
}
