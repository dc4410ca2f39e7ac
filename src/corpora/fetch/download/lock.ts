import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { AdvError } from '../../../base/errors.js';
import { takeLock, type Holder } from '../../../base/storage/lock.js';
import type { DownloadProgress } from '../../../base/events.js';
import { StorageFailure } from './failure.js';

/** How to wait for a lock. */
export interface Waiting {
  /** What is waited for, in progress reports. */
  readonly name: string;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds between two looks at a lock that another process holds. */
const pause = 200;

/**
 * Runs something while no other process downloads to the same destination: two writers would mix their bytes. Waits for another
 * process of this machine, which may bring what is wanted.
 *
 * @throws AdvError DOWNLOAD when a process on another machine holds the lock: nobody here can know whether it still runs;
 * StorageFailure when the lock cannot be written; AbortError when the signal fires while it waits
 */
export async function withLock<Result>(
  destination: string,
  waiting: Waiting,
  run: () => Promise<Result>,
): Promise<Result> {
  const release = await waitForLock(`${destination}.lock`, destination, waiting);
  try {
    return await run();
  } finally {
    await release();
  }
}

async function waitForLock(
  lock: string,
  destination: string,
  { name, onProgress, signal }: Waiting,
): Promise<() => Promise<void>> {
  for (let told = false; ; told = true) {
    let holder: Holder | undefined;
    try {
      return await takeLock(lock, (other) => {
        holder = other;
        return inUse(lock, destination, other);
      });
    } catch (error) {
      if (holder === undefined) throw asStorageFailure(error);
      if (holder.host !== hostname()) throw error;
    }
    if (!told) {
      const waitingFor = `process ${holder.pid}`;
      onProgress?.({ file: name, receivedBytes: 0, totalBytes: undefined, waitingFor });
    }
    await setTimeout(pause, undefined, { signal });
  }
}

function inUse(lock: string, destination: string, { pid, host }: Holder): AdvError {
  return new AdvError(
    'DOWNLOAD',
    `${destination} is being downloaded by process ${pid} on ${host}`,
    `Wait until it is done and run this again. If that process is surely gone, remove ${lock}.`,
  );
}

/** What a lock says of a disk that fails is meant for runs: here the hint is another. */
function asStorageFailure(error: unknown): unknown {
  const failed = error instanceof AdvError && error.code === 'STORAGE';
  return failed ? new StorageFailure(error.message, { cause: error }) : error;
}
