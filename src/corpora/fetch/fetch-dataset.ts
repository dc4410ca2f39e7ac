import { dirname, join } from 'node:path';
import { cacheDirectory } from '../cache.js';
import { findCorpus } from '../find-corpus.js';
import type { Corpus, CorpusFile } from '../corpus.js';
import { digestFile, isReadable } from '../../files/files.js';
import type { FetchedDataset, FetchedFile, FetchOptions } from '../types.js';
import { fetchCorpus } from './fetch-corpus.js';

/**
 * Makes sure that the files of a corpus are there, and checks them: those that a data directory, ADVNATIVE_DATA or the
 * cache has already, else those that it fetches. With `force` it fetches to where a run finds them: that is where they are replaced.
 *
 * @throws AdvError DOWNLOAD, STORAGE, INTERRUPTED, and USAGE when the environment names an impossible mirror
 */
export async function fetchDataset(corpus: Corpus, options: FetchOptions): Promise<FetchedDataset> {
  const { dataDir, force = false, onProgress, signal } = options;
  const found = await findCorpus(corpus, options);
  const alreadyThere = found !== undefined && !force;
  const directory = found === undefined ? (dataDir ?? cacheDirectory()) : dirname(found);
  const { folder, from, failures } = alreadyThere
    ? { folder: found, from: [], failures: [] }
    : await fetchCorpus(corpus, { directory, force, onProgress, signal });
  const { name, title, licence, citation, page } = corpus;
  return {
    name,
    title,
    folder,
    alreadyThere,
    files: await checkFiles(folder, corpus.files, signal),
    from,
    failures,
    licence,
    citation,
    page,
  };
}

async function checkFiles(
  folder: string,
  files: readonly CorpusFile[],
  signal: AbortSignal | undefined,
): Promise<FetchedFile[]> {
  const checked: FetchedFile[] = [];
  for (const { path, checksum, optional = false } of files) {
    const location = join(folder, path);
    if (optional && !(await isReadable(location))) continue;
    const digest = await digestFile(location, signal);
    const official = checksum === undefined ? null : digest[checksum.kind] === checksum.value;
    checked.push({ name: path, bytes: digest.bytes, sha256: digest.sha256, official });
  }
  return checked;
}
