import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { AdvError } from '../errors.js';
import { storageError } from '../storage/atomic-file.js';

/** Who holds a lock. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Milliseconds since 1970, when the lock was taken. */
  readonly since: number;
}

/**
 * Takes a lock file, so that two processes never write into one run directory. The lock of a process that is gone is
 * taken over; that of a process on another machine never, because nobody here can know whether it still runs.
 *
 * @returns gives the lock back
 * @throws AdvError RUN_DIRECTORY when another process holds it, STORAGE when the file cannot be written
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const owner: Owner = { pid: process.pid, host: hostname(), since: Date.now() };
  while (!(await createExclusively(path, JSON.stringify(owner)))) {
    const text = await readIfThere(path);
    if (text === undefined) continue;
    if (holds(text)) throw inUse(path, text);
    await removeStale(path, text);
  }
  return () => rm(path, { force: true });
}

/** Whether a process that still runs, or one on another machine, holds the lock. */
export async function isLocked(path: string): Promise<boolean> {
  const text = await readIfThere(path);
  return text !== undefined && holds(text);
}

async function createExclusively(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw storageError(path, error);
  }
}

/** Two processes may find the same stale lock: whoever moves a live one away by mistake puts it back. */
async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.stale-${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw storageError(path, error);
  }
  if ((await readIfThere(aside)) !== stale) await link(aside, path);
  await rm(aside, { force: true });
}

function holds(text: string): boolean {
  const owner = parseOwner(text);
  if (owner === undefined) return false;
  if (owner.host !== hostname()) return true;
  if (owner.pid === process.pid) {
    // The number of a dead process may have come to this one: a lock older than this process is not its own.
    return owner.since >= Date.now() - process.uptime() * 1000;
  }
  return isAlive(owner.pid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process is there and belongs to someone else.
    return codeOf(error) === 'EPERM';
  }
}

/** Undefined for a lock that its owner died while writing. */
function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, host, since } = JSON.parse(text) as Partial<Owner>;
    const whole = Number.isInteger(pid) && typeof host === 'string' && typeof since === 'number';
    return whole ? ({ pid, host, since } as Owner) : undefined;
  } catch {
    return undefined;
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw storageError(path, error);
  }
}

function inUse(path: string, text: string): AdvError {
  const { pid, host } = parseOwner(text) ?? { pid: 'unknown', host: 'unknown' };
  return new AdvError(
    'RUN_DIRECTORY',
    `the run directory is in use by process ${pid} on ${host}`,
    `Wait for it or stop it, or choose another --out. If that process is surely gone, delete ${path}.`,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
