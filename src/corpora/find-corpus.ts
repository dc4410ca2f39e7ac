import { join, resolve } from 'node:path';
import { AdvError } from '../base/errors.js';
import { shellQuoted } from '../base/storage/shell-path.js';
import { cacheDirectory } from './cache.js';
import type { Corpus } from './corpus.js';
import { stepsByHand } from './fetch/by-hand.js';
import { fetchCorpus, missingIn, settleCorpus } from './fetch/fetch-corpus.js';
import type { FindCorpusOptions } from './types.js';

/** A folder that may hold the corpus. */
interface Place {
  readonly folder: string;
  /** How the folder came to be looked at: an option, a variable or the cache. */
  readonly origin: string;
}

/** Where a corpus was looked for. */
interface Search {
  /** The first folder that has every file. */
  readonly found: string | undefined;
  /** The first folder that has some of the files, and those that it lacks. */
  readonly incomplete: CorpusPart | undefined;
  /** For each place without the corpus: which, and what it lacks. */
  readonly tried: readonly string[];
}

/** A folder that holds a corpus or some of its files. */
export interface CorpusPart {
  readonly folder: string;
  /** Paths of the files that are not there, below the folder. */
  readonly lacks: readonly string[];
}

/**
 * The folder that holds every file of a corpus that is not optional, or undefined: below `dataDir` when one is given, else
 * below ADVNATIVE_DATA, else in the cache. Downloads nothing.
 *
 * @throws AdvError STORAGE, INTERRUPTED when what a killed fetch left in such a folder cannot be undone
 */
export async function findCorpus(
  corpus: Corpus,
  options: Omit<FindCorpusOptions, 'offline'>,
): Promise<string | undefined> {
  return (await search(corpus, options)).found;
}

/**
 * The folder that holds every file of a corpus. Looks as {@link findCorpus} does; when nothing is found and no `dataDir`
 * was given, fetches what is missing into the cache.
 *
 * @throws AdvError DATA_MISSING that lists the places tried and how to get the files, when `dataDir` lacks some or a
 * download is not allowed; DOWNLOAD, STORAGE or INTERRUPTED when the download fails
 */
export async function obtainCorpus(corpus: Corpus, options: FindCorpusOptions): Promise<string> {
  return foundOrFetched(await search(corpus, options), corpus, options);
}

async function foundOrFetched(
  { found, tried }: Search,
  corpus: Corpus,
  options: FindCorpusOptions,
): Promise<string> {
  const { dataDir, offline = false, onProgress, signal } = options;
  if (found !== undefined) return found;
  if (dataDir !== undefined || offline)
    throw missing(corpus, dataDir, [...tried, ...(offline ? [notAllowed] : [])]);
  return (await fetchCorpus(corpus, { directory: cacheDirectory(), onProgress, signal })).folder;
}

/**
 * The folder that holds what there is of a corpus: all its files, as {@link findCorpus} looks for them, else the first folder
 * that has some. When there is none, does as {@link obtainCorpus}. For a look at the data alone: nothing may be trained on a part.
 *
 * @throws AdvError as {@link obtainCorpus} does
 */
export async function obtainCorpusPart(corpus: Corpus, options: FindCorpusOptions): Promise<CorpusPart> {
  const looked = await search(corpus, options);
  return looked.incomplete ?? { folder: await foundOrFetched(looked, corpus, options), lacks: [] };
}

const notAllowed = 'download: not allowed (offline)';

async function search(corpus: Corpus, options: Omit<FindCorpusOptions, 'offline'>): Promise<Search> {
  const needed = corpus.files.filter(({ optional = false }) => !optional);
  const tried: string[] = [];
  let incomplete: CorpusPart | undefined;
  for (const { folder, origin } of places(corpus.name, options.dataDir)) {
    await settleCorpus(corpus, folder, options);
    const lacks = (await missingIn(folder, needed)).map(({ path }) => path);
    if (lacks.length === 0) return { found: folder, incomplete: undefined, tried };
    if (lacks.length < needed.length) incomplete ??= { folder, lacks };
    tried.push(`${folder} (${origin}): lacks ${lacks.join(', ')}`);
  }
  return { found: undefined, incomplete, tried };
}

function places(name: string, dataDir: string | undefined): Place[] {
  if (dataDir !== undefined) return [{ folder: join(resolve(dataDir), name), origin: '--data-dir' }];
  const { ADVNATIVE_DATA: data } = process.env;
  const fromEnvironment = data ? [{ folder: join(resolve(data), name), origin: 'ADVNATIVE_DATA' }] : [];
  return [...fromEnvironment, { folder: join(cacheDirectory(), name), origin: 'cache' }];
}

function missing(corpus: Corpus, dataDir: string | undefined, tried: readonly string[]): AdvError {
  const { name } = corpus;
  const option = dataDir === undefined ? '' : ` --data-dir ${shellQuoted(dataDir)}`;
  const folder = join(dataDir === undefined ? cacheDirectory() : resolve(dataDir), name);
  return new AdvError(
    'DATA_MISSING',
    [`the files of dataset '${name}' are in none of the places tried:`, ...tried].join('\n  '),
    [
      `With a network: npx advnative datasets fetch ${name}${option}. By hand:`,
      ...stepsByHand(corpus, folder),
    ].join('\n  '),
  );
}
