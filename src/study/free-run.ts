import { rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isLockedHere } from '../base/storage/lock.js';
import { runPaths } from '../training/run-paths.js';

const pauseBetweenLooks = 100;

/**
 * Makes a run that nobody else works on free to begin or to go on: waits for a process that still saves the state of a dead worker, removes the lock of one
 * that is gone or elsewhere, and what is left of a run that was stopped before it had a record.
 *
 * @param path the run directory, which need not be there
 * @param signal ends the wait
 */
export async function freeRun(path: string, signal: AbortSignal): Promise<void> {
  const { directory, lock, record, checkpoint } = runPaths(path);
  while (await isLockedHere(lock)) {
    if (signal.aborted) return;
    await setTimeout(pauseBetweenLooks);
  }
  await rm(lock, { force: true });
  if ((await stat(record).catch(() => undefined)) !== undefined) return;
  await rm(dirname(checkpoint), { recursive: true, force: true });
  // What else lies in it is not ours: training refuses a folder that is not empty.
  await rmdir(directory).catch(() => undefined);
}
