import { realpath, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeFolders } from '../../base/storage/make-folders.js';
import { AdvError } from '../../base/errors.js';
import type { Corpus, CorpusFile } from '../corpus.js';
import { mirrorHint } from '../sources.js';
import { isReadable } from '../../files/files.js';
import { stepsByHand } from './by-hand.js';
import { collect, type Collection, type CollectOptions } from './collect.js';
import { onDisk } from './failure.js';
import { withLock } from './lock.js';
import { proxyHint } from './proxy.js';
import { pathsBelow, isHalfPublished, publish, settle, stagingOf } from './publish.js';

/** What to fetch a corpus to, and how. */
export interface FetchRequest extends CollectOptions {
  /** The data directory: the corpus goes to the folder of its name in it. */
  readonly directory: string;
  /** Fetch files that are there as well, and replace them. */
  readonly force?: boolean | undefined;
}

/** How a fetch went: the corpus's folder, the addresses that files came from, and those that were tried before and failed. */
export interface FetchedCorpus extends Pick<Collection, 'from' | 'failures'> {
  readonly folder: string;
}

/**
 * Fetches the files of a corpus that its folder lacks. They are collected beside it and checked; the folder gets them
 * when all are there, and stays as it was when anything fails. A later call goes on where this one stopped. Where another
 * process of this machine fetches the same, waits for it.
 *
 * @throws AdvError DOWNLOAD with every address and why it failed, and the steps to do it by hand; STORAGE when the disk
 * is full or not writable; INTERRUPTED when the signal fires; USAGE when the environment names an impossible mirror
 */
export async function fetchCorpus(corpus: Corpus, request: FetchRequest): Promise<FetchedCorpus> {
  return alone(corpus, join(resolve(request.directory), corpus.name), request, async (folder) => {
    await settle(folder);
    const files = request.force === true ? corpus.files : await missingIn(folder, corpus.files);
    try {
      const collection = await collect(corpus, folder, files, request);
      if (!collection.complete) throw downloadError(corpus, folder, collection);
      await publish(
        folder,
        files.map(({ path }) => path),
      );
      return { folder, ...collection };
    } finally {
      await removeEmpty(stagingOf(folder).path);
    }
  });
}

/**
 * Finishes for a corpus's folder what a fetch that was killed had begun to move there. Does nothing to any other folder, or to
 * one that is not there.
 *
 * @param path the corpus's folder
 * @throws AdvError as {@link fetchCorpus} does
 */
export async function settleCorpus(
  corpus: Corpus,
  path: string,
  options: Pick<FetchRequest, 'onProgress' | 'signal'>,
): Promise<void> {
  if (await isHalfPublished(await ownFolder(path))) await alone(corpus, path, options, settle);
}

/** Where a folder really lies, when its name is a link. */
async function ownFolder(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/** Runs something while no other process changes the folder of a corpus, with errors that name the corpus. */
async function alone<Result>(
  { name }: Corpus,
  path: string,
  options: Pick<FetchRequest, 'onProgress' | 'signal'>,
  run: (folder: string) => Promise<Result>,
): Promise<Result> {
  const { signal } = options;
  try {
    signal?.throwIfAborted();
    const folder = await ownFolder(path);
    await onDisk(folder, () => makeFolders(dirname(folder)));
    return await withLock(folder, name, options, () => run(folder));
  } catch (error) {
    if (signal?.aborted) throw interrupted(name, error);
    if (error instanceof AdvError && error.code === 'STORAGE') throw storageError(name, error);
    throw error;
  }
}

/** Those of some files that a folder does not have. */
export async function missingIn(folder: string, files: readonly CorpusFile[]): Promise<CorpusFile[]> {
  const missing: CorpusFile[] = [];
  for (const file of files) if (!(await isReadable(join(folder, file.path)))) missing.push(file);
  return missing;
}

/** Removes a folder that holds no file. The error that led here is the one to tell. */
async function removeEmpty(path: string): Promise<void> {
  const left = await pathsBelow(path).catch(() => [path]);
  if (left.length === 0) await rm(path, { recursive: true }).catch(() => undefined);
}

function downloadError(corpus: Corpus, folder: string, { failures }: Collection): AdvError {
  return new AdvError(
    'DOWNLOAD',
    [
      `the files of dataset '${corpus.name}' could not be fetched:`,
      ...failures.map(({ url, reason }) => `${url}: ${reason}`),
    ].join('\n  '),
    [
      ...mirrorHint(corpus),
      ...proxyHint(),
      ['Run this again to go on, or fetch them by hand:', ...stepsByHand(corpus, folder)].join('\n  '),
    ].join('\n'),
  );
}

function interrupted(name: string, cause: unknown): AdvError {
  return new AdvError(
    'INTERRUPTED',
    `fetching dataset '${name}' was interrupted`,
    'What has come is kept: run the same command again to go on from there.',
    { cause },
  );
}

function storageError(name: string, cause: AdvError): AdvError {
  return new AdvError(
    'STORAGE',
    `dataset '${name}': ${cause.message}`,
    'Free some space or make the folder writable, or choose another one with --data-dir or ADVNATIVE_CACHE, and run ' +
      'this again.',
    { cause },
  );
}
