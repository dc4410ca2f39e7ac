import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { AdvError } from '../../base/errors.js';
import { takeLock, type Holder } from '../../base/storage/lock.js';
import type { FetchOptions } from '../types.js';

/** Milliseconds between two looks at a lock that another process holds. */
const pause = 200;

/**
 * Runs something while no other process fetches to the same folder. Waits for another process of this machine, which may
 * bring what is wanted.
 *
 * @param name what is waited for, in progress reports
 * @throws AdvError DOWNLOAD when a process on another machine holds the lock: nobody here can know whether it still runs;
 * STORAGE when the lock cannot be written; the signal's error when it fires during the wait
 */
export async function withLock<Result>(
  folder: string,
  name: string,
  { onProgress, signal }: Pick<FetchOptions, 'onProgress' | 'signal'>,
  run: () => Promise<Result>,
): Promise<Result> {
  const lock = `${folder}.lock`;
  let release: (() => Promise<void>) | undefined;
  for (let told = false; release === undefined;) {
    let holder: Holder | undefined;
    try {
      release = await takeLock(lock, (other) => {
        holder = other;
        return inUse(lock, folder, other);
      });
    } catch (error) {
      if (holder?.host !== hostname()) throw error;
      if (!told)
        onProgress?.({
          file: name,
          receivedBytes: 0,
          totalBytes: undefined,
          waitingFor: `process ${holder.pid}`,
        });
      told = true;
      await setTimeout(pause, undefined, { signal });
    }
  }
  return run().finally(release);
}

function inUse(lock: string, folder: string, { pid, host }: Holder): AdvError {
  return new AdvError(
    'DOWNLOAD',
    `${folder} is being downloaded by process ${pid} on ${host}`,
    `Wait until it is done and run this again. If that process is surely gone, remove ${lock}.`,
  );
}
