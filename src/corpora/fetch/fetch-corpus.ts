import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AdvError } from '../../base/errors.js';
import type { Corpus, CorpusFile } from '../corpus.js';
import { mirrorHint } from '../sources.js';
import { onDisk, StorageFailure } from './download/failure.js';
import { withLock } from './download/lock.js';
import { proxyHint } from './download/proxy.js';
import { isReadable } from '../../files/files.js';
import { stepsByHand } from './by-hand.js';
import { Collector, type CollectOptions, type FailedAddress } from './collect.js';
import { ownFolder } from './places.js';
import { isHalfReplaced, undoReplacement } from './replacement.js';
import { Staging } from './staging.js';

/** What to fetch a corpus to, and how. */
export interface FetchRequest extends CollectOptions {
  /** The data directory: the corpus goes to the folder of its name in it. */
  readonly directory: string;
  /** Fetch files that are there as well, and replace them. */
  readonly force?: boolean | undefined;
}

/** How a fetch went. */
export interface FetchedCorpus {
  /** The corpus's folder. */
  readonly folder: string;
  /** The addresses that files came from. */
  readonly from: readonly string[];
  /** The addresses that were tried before and failed. */
  readonly failures: readonly FailedAddress[];
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
  const folder = await ownFolder(join(resolve(request.directory), corpus.name));
  return explained(corpus, request, async () => {
    await onDisk(folder, () => mkdir(dirname(folder), { recursive: true }));
    return withLock(folder, { ...request, name: corpus.name }, () => fetchInto(folder, corpus, request));
  });
}

/**
 * Brings a corpus's folder back to what it held before a fetch that was killed while it replaced files there. Does nothing to
 * any other folder, or to one that is not there.
 *
 * @param path the corpus's folder
 * @throws AdvError as {@link fetchCorpus} does
 */
export async function settleCorpus(
  corpus: Corpus,
  path: string,
  options: Pick<FetchRequest, 'onProgress' | 'signal'>,
): Promise<void> {
  const folder = await ownFolder(path);
  if (!(await isHalfReplaced(folder))) return;
  await explained(corpus, options, () =>
    withLock(folder, { ...options, name: corpus.name }, () => undoReplacement(folder)),
  );
}

async function explained<Result>(
  corpus: Corpus,
  { signal }: Pick<FetchRequest, 'signal'>,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (signal?.aborted) throw interrupted(corpus, error);
    if (error instanceof StorageFailure) throw storageError(corpus, error);
    throw error;
  }
}

async function fetchInto(folder: string, corpus: Corpus, request: FetchRequest): Promise<FetchedCorpus> {
  await undoReplacement(folder);
  const files = request.force === true ? corpus.files : await missingIn(folder, corpus.files);
  const staging = await Staging.open(folder, files, request.signal);
  const collector = new Collector(corpus, staging, request);
  try {
    if (!(await collector.collect(files))) throw downloadError(corpus, folder, collector.failures);
    await staging.publish();
  } catch (error) {
    // The first error is the one to tell.
    await staging.tidy().catch(() => undefined);
    throw error;
  }
  return { folder, from: collector.from, failures: collector.failures };
}

async function missingIn(folder: string, files: readonly CorpusFile[]): Promise<CorpusFile[]> {
  const missing: CorpusFile[] = [];
  for (const file of files) if (!(await isReadable(join(folder, file.path)))) missing.push(file);
  return missing;
}

function downloadError(corpus: Corpus, folder: string, failures: readonly FailedAddress[]): AdvError {
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

function interrupted({ name }: Corpus, cause: unknown): AdvError {
  return new AdvError(
    'INTERRUPTED',
    `fetching dataset '${name}' was interrupted`,
    'What has come is kept: run the same command again to go on from there.',
    { cause },
  );
}

function storageError({ name }: Corpus, cause: StorageFailure): AdvError {
  return new AdvError(
    'STORAGE',
    `dataset '${name}': ${cause.message}`,
    'Free some space or make the folder writable, or choose another one with --data-dir or ADVNATIVE_CACHE, and run ' +
      'this again.',
    { cause },
  );
}
