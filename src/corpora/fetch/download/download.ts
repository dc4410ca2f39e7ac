import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AdvError } from '../../../base/errors.js';
import { syncFolder } from '../../../base/storage/atomic-file.js';
import type { DownloadProgress } from '../../../base/events.js';
import { FailedAttempt, onDisk, StorageFailure } from './failure.js';
import { withLock } from './lock.js';
import { PartFile } from './part-file.js';
import { transfer } from './transfer.js';
import { checksumMismatch, type Checksum } from './verify.js';

/** One file to download. */
export interface DownloadRequest {
  readonly url: string;
  /** Where the file goes; its folder is made. It appears there whole or not at all. */
  readonly destination: string;
  /** What the file is called in progress reports and messages. */
  readonly name: string;
  /** What the content must be, where that is known. */
  readonly checksum?: Checksum | undefined;
  /** Looks at the whole file before it gets its name: undefined when it is right, else what is wrong with it. */
  readonly verify?: ((path: string) => Promise<string | undefined>) | undefined;
  /** Whether `verify` compares all that is used with known checksums; default: whether there is a checksum. */
  readonly checked?: boolean | undefined;
  /** Most bytes that may come; without a limit when absent. */
  readonly mostBytes?: number | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which an attempt fails; default 30,000. */
  readonly stallTimeout?: number | undefined;
  /** Milliseconds in which a KiB a second must come on average; default 60,000. */
  readonly rateWindow?: number | undefined;
  /** Further attempts after the first; default 3. */
  readonly retries?: number | undefined;
  /** Milliseconds before the second attempt, doubled before each further one; default 1,000. */
  readonly firstPause?: number | undefined;
}

/**
 * Downloads a file: into `<destination>.part`, resumed where an earlier attempt or run stopped, checked, synced to the
 * disk and only then renamed to its destination.
 *
 * @throws AdvError DOWNLOAD when the network, the server or the checksum fails, INTERRUPTED when the signal fires;
 * StorageFailure when the disk fails; each leaves the destination as it was
 */
export async function download(request: DownloadRequest): Promise<void> {
  const { destination, signal } = request;
  try {
    await onDisk(destination, () => mkdir(dirname(destination), { recursive: true }));
    await withLock(destination, request, async () => {
      const part = new PartFile(destination);
      await attemptRepeatedly(request, part);
      await publish(part, destination);
    });
  } catch (error) {
    if (error instanceof AdvError) throw error;
    if (signal?.aborted) throw interrupted(request, error);
    if (error instanceof StorageFailure) throw error;
    throw downloadError(request, error);
  }
}

async function attemptRepeatedly(request: DownloadRequest, part: PartFile): Promise<void> {
  const { retries = 3, firstPause = 1_000, signal } = request;
  for (let failures = 0; ; failures++) {
    try {
      await attempt(request, part);
      return;
    } catch (error) {
      const again = error instanceof FailedAttempt && error.retry && failures < retries;
      if (!again || signal?.aborted) throw error;
    }
    await setTimeout(firstPause * 2 ** failures, undefined, { signal });
  }
}

async function attempt(request: DownloadRequest, part: PartFile): Promise<void> {
  const { url, name, signal, onProgress, mostBytes = Infinity } = request;
  const { stallTimeout = 30_000, rateWindow = 60_000 } = request;
  const { checked = request.checksum !== undefined } = request;
  const resumed = await transfer({
    url,
    part,
    stallTimeout,
    rateWindow,
    checked,
    mostBytes,
    signal,
    onBytes: (receivedBytes, totalBytes) => onProgress?.({ file: name, receivedBytes, totalBytes }),
  });
  const problem = await problemWith(part.path, request);
  if (problem === undefined) return;
  await part.discard();
  // Bytes of two attempts may not fit together; a whole answer that is wrong will be wrong again.
  throw new FailedAttempt(problem, resumed);
}

async function problemWith(
  path: string,
  { checksum, verify, signal }: DownloadRequest,
): Promise<string | undefined> {
  const mismatch = await checksumMismatch(path, checksum, signal);
  return mismatch === undefined ? verify?.(path) : `the content is not the official one: ${mismatch}`;
}

/** Moves the whole file to its place; syncing the folder makes the new name last through a power cut. */
async function publish(part: PartFile, destination: string): Promise<void> {
  await onDisk(destination, async () => {
    await rename(part.path, destination);
    await syncFolder(dirname(destination));
  });
  await part.forgetOrigin();
}

function interrupted({ name }: DownloadRequest, cause: unknown): AdvError {
  return new AdvError(
    'INTERRUPTED',
    `the download of ${name} was interrupted`,
    'The next run goes on from where it stopped, if the server can.',
    { cause },
  );
}

function downloadError({ name, url }: DownloadRequest, cause: unknown): AdvError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AdvError(
    'DOWNLOAD',
    `the download of ${name} from ${url} failed: ${reason}`,
    'Run this again to go on.',
    { cause },
  );
}
