import { AdvError } from '../base/errors.js';
import { babiSimulators } from './babi-simulator/dataset.js';
import { allCorpora } from '../corpora/all.js';
import type { Corpus } from '../corpora/corpus.js';
import { findCorpus } from '../corpora/find-corpus.js';
import { babiEntries } from './babi.js';
import { czechFacebook, czechFacebookOfThree } from './czech-facebook.js';
import { czechCsfd, czechMall } from './czech-reviews.js';
import { dsl } from './dsl.js';
import { subjectivity } from './subjectivity.js';
import { bestOfAny } from './best.js';
import { ownDataDefaults } from './defaults.js';
import { settingsFor, type DatasetEntry } from './entry.js';
import type { DataSource } from '../recipe/data-source.js';
import type { DefaultsByLevel } from '../recipe/presets.js';
import type { Level } from '../text/types.js';
import { openDefined } from './definition/open.js';
import { fetchDataset } from '../corpora/fetch/fetch-dataset.js';
import { loadDefinition } from './definition/load.js';
import { checkOpenOptions } from './open-options.js';
import { withoutTest } from './without-test.js';
import type { Dataset, OpenDatasetOptions } from './types.js';
import type { FetchedDataset, FetchOptions } from '../corpora/types.js';

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

/** Every dataset that has a name, in the order in which they are listed. */
const entries: readonly DatasetEntry[] = [
  ...babiSimulators,
  ...babiEntries,
  subjectivity,
  czechFacebook,
  czechFacebookOfThree,
  czechCsfd,
  czechMall,
  dsl,
];

/**
 * What a dataset of this package, or own files, set for so many training examples where the user says nothing, known without opening them.
 *
 * @param data whose own level, where it is of own files, is not known: by the texts
 * @returns undefined for a dataset that its users define
 */
export function usualSettings(
  data: DataSource,
  examples: number,
  levelOfOwn: Level,
): DefaultsByLevel | undefined {
  if ('train' in data) {
    return settingsFor({ level: levelOfOwn, defaults: ownDataDefaults, best: bestOfAny }, examples);
  }
  const usual = entries.find(({ name }) => name === data.dataset)?.usual;
  return usual && settingsFor(usual, examples);
}

/** The datasets that have a name. */
export const catalogue = {
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
        labels: labels.length,
        found: corpus && (await findCorpus(corpus(), options)),
        builtIn: corpus === undefined,
      })),
    );
  },

  /**
   * Opens a dataset by its name: finds or downloads its files, and makes it ready to stream. A name that is none of this
   * package's is a package or file of the user's that defines a dataset, see defineDataset().
   *
   * @throws AdvError USAGE for an unknown name or a wrong limit or seed, and what the dataset itself throws: DATA_MISSING,
   * DATA_MALFORMED, DOWNLOAD, STORAGE, INTERRUPTED
   */
  async open(name: string, options: OpenDatasetOptions): Promise<Dataset> {
    checkOpenOptions(options);
    const dataset = await openNamed(name, options);
    if (dataset !== undefined) return options.withoutTest === true ? withoutTest(dataset) : dataset;
    throw new AdvError(
      'USAGE',
      `expected a dataset among ${entries.map((known) => known.name).join(', ')}, or a package or file that defines one, ` +
        `got '${name}'`,
      'Use one of these, or your own files with --train FILE.',
    );
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

/** Undefined for a name that is no dataset's. */
async function openNamed(name: string, options: OpenDatasetOptions): Promise<Dataset | undefined> {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry !== undefined) return entry.open(options);
  const definition = await loadDefinition(name);
  return definition && openDefined(definition, name, options);
}

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
