import { AdvError } from '../errors.js';
import { babiLabels, openBabiSimulator } from './babi/dataset.js';
import { allCorpora } from './corpora/all.js';
import type { Corpus } from './corpora/corpus.js';
import { dslCorpus } from './corpora/dsl.js';
import { findCorpus } from './corpus.js';
import { dslLabels, openDsl } from './dsl.js';
import { fetchDataset } from './fetch/fetch-dataset.js';
import { checkOpenOptions } from './open-options.js';
import type { Dataset, FetchedDataset, FetchOptions, OpenDatasetOptions } from './types.js';

export { openLabelledFile, openOwnData, type OpenedFile, type OwnDataFiles } from './own-data.js';

/** What is known of a dataset before it is opened. */
export interface DatasetListing {
  readonly name: string;
  readonly description: string;
  /** C, the number of classes. */
  readonly labels: number;
  /** Folder that holds its files; undefined when it has none here yet, and for built-in datasets. */
  readonly found: string | undefined;
  /** True when it needs neither files nor a network. */
  readonly builtIn: boolean;
}

interface Entry {
  readonly name: string;
  readonly description: string;
  readonly labels: number;
  readonly corpus: (() => Corpus) | undefined;
  open(options: OpenDatasetOptions): Dataset | Promise<Dataset>;
}

const simulators = (
  [
    [1, 'where is somebody? (one supporting fact)'],
    [2, 'where is a thing that somebody carries? (two supporting facts)'],
    [6, 'is somebody there? (yes or no)'],
  ] as const
).map(([task, description]): Entry => ({
  name: `babi-sim-${task}`,
  description: `built-in simulator of bAbI task ${task}: ${description}`,
  labels: babiLabels(task).length,
  corpus: undefined,
  open: (options) => openBabiSimulator(task, options),
}));

const entries: readonly Entry[] = [
  ...simulators,
  {
    name: 'dsl',
    description: 'DSL 2015: telling 13 similar languages and "other" apart, by characters',
    labels: dslLabels.length,
    corpus: dslCorpus,
    open: openDsl,
  },
];

/** The datasets that have a name. */
export const datasets = {
  /**
   * Lists the datasets and where each is found, and downloads nothing.
   *
   * @param options.dataDir looked at in place of ADVNATIVE_DATA and the cache
   */
  async list(options: { readonly dataDir?: string | undefined } = {}): Promise<DatasetListing[]> {
    return Promise.all(
      entries.map(async ({ name, description, labels, corpus }) => ({
        name,
        description,
        labels,
        found: corpus && (await findCorpus(corpus(), options.dataDir)),
        builtIn: corpus === undefined,
      })),
    );
  },

  /**
   * Opens a dataset by its name: finds or downloads its files, and makes it ready to stream.
   *
   * @throws AdvError USAGE for an unknown name or a wrong limit or seed, and what the dataset itself throws: DATA_MISSING,
   * DATA_MALFORMED, DOWNLOAD, STORAGE, INTERRUPTED
   */
  async open(name: string, options: OpenDatasetOptions): Promise<Dataset> {
    const entry = entries.find((candidate) => candidate.name === name);
    if (entry === undefined) {
      throw new AdvError(
        'USAGE',
        `expected a dataset among ${entries.map((known) => known.name).join(', ')}, got '${name}'`,
        'Use one of these, or your own files with --train FILE.',
      );
    }
    checkOpenOptions(options);
    return entry.open(options);
  },

  /**
   * Fetches the files of a dataset or of a whole corpus, unless they are there already, and checks them. An interrupted
   * or failed fetch changes nothing but what it keeps to go on from.
   *
   * @param name a dataset that has files, or a corpus, such as `babi`
   * @throws AdvError USAGE for another name, DOWNLOAD with every address and why it failed, STORAGE, INTERRUPTED
   */
  async fetch(name: string, options: FetchOptions = {}): Promise<FetchedDataset> {
    return fetchDataset(corpusNamed(name), options);
  },
};

function corpusNamed(name: string): Corpus {
  const corpora = allCorpora();
  const entry = entries.find((candidate) => candidate.name === name);
  const corpus = entry?.corpus?.() ?? corpora.find((candidate) => candidate.name === name);
  if (corpus !== undefined) return corpus;
  const withFiles = entries.filter((candidate) => candidate.corpus !== undefined);
  const names = new Set([...withFiles, ...corpora].map((candidate) => candidate.name));
  throw new AdvError(
    'USAGE',
    `expected a dataset with files among ${[...names].join(', ')}, got '${name}'`,
    entry === undefined ? 'Use one of these.' : `'${name}' is built in: there is nothing to fetch.`,
  );
}
