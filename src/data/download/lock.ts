import { readFile, rm, writeFile } from 'node:fs/promises';
import { AdvError } from '../../errors.js';
import { onDisk } from './failure.js';

/**
 * Runs something while no other process downloads to the same destination: two writers would mix their bytes. The lock
 * is a file with the number of its process; that of a process which has ended is taken over.
 *
 * @throws AdvError DOWNLOAD when another living process holds the lock
 */
export async function withLock<Result>(destination: string, run: () => Promise<Result>): Promise<Result> {
  const lock = `${destination}.lock`;
  if (!(await take(lock))) {
    const holder = await readHolder(lock);
    if (isAlive(holder)) {
      throw new AdvError(
        'DOWNLOAD',
        `${destination} is being downloaded by process ${holder}`,
        `Wait until it is done and run this again. If no such process runs, remove ${lock}.`,
      );
    }
    await onDisk(lock, () => rm(lock, { force: true }));
    await onDisk(lock, () => writeFile(lock, `${process.pid}`, { flag: 'wx' }));
  }
  try {
    return await run();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  return onDisk(lock, async () => {
    try {
      await writeFile(lock, `${process.pid}`, { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  });
}

async function readHolder(lock: string): Promise<number> {
  return Number(await readFile(lock, 'utf8').catch(() => ''));
}

function isAlive(process_: number): boolean {
  if (!Number.isInteger(process_) || process_ <= 0) return false;
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
