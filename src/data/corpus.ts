import { access, constants } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AdvError } from '../errors.js';
import { cacheDirectory } from './cache.js';
import type { Corpus, FileSource } from './corpora/corpus.js';
import { sourcesOf } from './corpora/sources.js';
import { download } from './download/download.js';
import type { OpenDatasetOptions } from './types.js';

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
  /** For each place without the corpus: which, and what it lacks. */
  readonly tried: readonly string[];
}

/**
 * The folder that holds every file of a corpus, or undefined: below `dataDir` when one is given, else below
 * ADVNATIVE_DATA, else in the cache. Downloads nothing.
 */
export async function findCorpus(corpus: Corpus, dataDir: string | undefined): Promise<string | undefined> {
  return (await search(corpus, dataDir)).found;
}

/**
 * The folder that holds every file of a corpus. Looks as {@link findCorpus} does; when nothing is found and no `dataDir`
 * was given, downloads what is missing into the cache.
 *
 * @throws AdvError DATA_MISSING that lists the places tried and how to get the files, when `dataDir` lacks some or a
 * download is not allowed; DOWNLOAD, STORAGE or INTERRUPTED when the download fails
 */
export async function obtainCorpus(corpus: Corpus, options: OpenDatasetOptions): Promise<string> {
  const { found, tried } = await search(corpus, options.dataDir);
  if (found !== undefined) return found;
  if (options.dataDir !== undefined || options.offline === true) {
    const offline = options.offline === true ? ['download: not allowed (offline)'] : [];
    throw new AdvError(
      'DATA_MISSING',
      [`the files of dataset '${corpus.name}' are in none of the places tried:`, ...tried, ...offline].join(
        '\n  ',
      ),
      howToGet(corpus),
    );
  }
  const folder = join(cacheDirectory(), corpus.name);
  const { urls } = fileSource(corpus);
  for (const file of corpus.files) {
    const destination = join(folder, file.path);
    if (await isReadable(destination)) continue;
    await download({
      url: urls[file.path] ?? corpus.page,
      destination,
      name: `${corpus.name}/${file.path}`,
      checksum: file.checksum,
      onProgress: options.onProgress,
      signal: options.signal,
    });
  }
  return folder;
}

async function search(corpus: Corpus, dataDir: string | undefined): Promise<Search> {
  const tried: string[] = [];
  for (const { folder, origin } of places(corpus.name, dataDir)) {
    const missing: string[] = [];
    for (const { path, optional } of corpus.files) {
      if (optional !== true && !(await isReadable(join(folder, path)))) missing.push(path);
    }
    if (missing.length === 0) return { found: folder, tried };
    tried.push(`${folder} (${origin}): lacks ${missing.join(', ')}`);
  }
  return { found: undefined, tried };
}

function places(name: string, dataDir: string | undefined): Place[] {
  if (dataDir !== undefined) return [{ folder: join(resolve(dataDir), name), origin: '--data-dir' }];
  const { ADVNATIVE_DATA: data } = process.env;
  const fromEnvironment = data ? [{ folder: join(resolve(data), name), origin: 'ADVNATIVE_DATA' }] : [];
  return [...fromEnvironment, { folder: join(cacheDirectory(), name), origin: 'cache' }];
}

function howToGet(corpus: Corpus): string {
  const { name, files, page } = corpus;
  const { urls } = fileSource(corpus);
  return [
    `Run once without --data-dir and with a network to download them into the cache, or fetch them by hand into a ` +
      `folder DIR and give --data-dir DIR (or ADVNATIVE_DATA=DIR):`,
    ...files.map(({ path }) => `${urls[path] ?? page}  ->  DIR/${name}/${path}`),
  ].join('\n  ');
}

/** Archives can't be unpacked yet: their files have no URL here. */
function fileSource(corpus: Corpus): FileSource {
  const found = sourcesOf(corpus).find((source) => source.kind === 'files');
  return found ?? { kind: 'files', urls: {} };
}

async function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}
