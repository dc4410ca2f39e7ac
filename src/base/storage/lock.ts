import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type { AdvError } from '../errors.js';
import { createExclusively, readIfThere } from './exclusive-file.js';
import { fateOf, isAlive, ownMark, type Fate, type ProcessMark } from './process-mark.js';

/** Who holds a lock; earlier versions wrote no more of the process than its number and host. */
interface Owner
  extends Pick<ProcessMark, 'pid' | 'host'>, Partial<Pick<ProcessMark, 'processes' | 'started'>> {
  /** Milliseconds since 1970, when the lock was taken. */
  readonly since: number;
  /** Tells this taking of the lock from every other. */
  readonly id?: string | undefined;
}

/** The process that holds a lock, for messages. */
export interface Holder {
  readonly pid: number | 'unknown';
  readonly host: string;
}

/**
 * Takes a lock file, so that two processes never write to one place. The lock of a process that is gone is taken over;
 * that of a process on another machine never, because nobody here can know whether it still runs.
 *
 * @param inUse the error to throw when another process holds it
 * @returns gives the lock back
 * @throws what `inUse` makes, or AdvError STORAGE when the file cannot be written
 */
export async function takeLock(
  path: string,
  inUse: (holder: Holder) => AdvError,
): Promise<() => Promise<void>> {
  for (;;) {
    const release = await tryLock(path);
    if (typeof release === 'function') return release;
    if (release !== undefined) throw inUse(release);
  }
}

/** @returns what gives the lock back, or who holds it; undefined where it was given back meanwhile or is being taken over */
async function tryLock(path: string): Promise<(() => Promise<void>) | Holder | undefined> {
  const owner: Owner = { ...ownMark(), since: Date.now(), id: randomUUID() };
  const own = JSON.stringify(owner);
  if (await createExclusively(path, own)) return () => release(path, own);
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  if (holds(text)) return parseOwner(text) ?? { pid: 'unknown', host: 'unknown' };
  return removeStale(path, text);
}

/** A lock that is another's by now, because somebody deleted this one, stays. */
async function release(path: string, own: string): Promise<void> {
  if ((await readIfThere(path)) === own) await rm(path, { force: true });
}

/** Whether a process that still runs, or one on another machine, holds the lock. */
export async function isLocked(path: string): Promise<boolean> {
  const text = await readIfThere(path);
  return text !== undefined && holds(text);
}

/** Whether a process holds the lock that this one sees running: none of another machine or container, whatever its name. */
export async function isLockedHere(path: string): Promise<boolean> {
  const owner = parseOwner((await readIfThere(path)) ?? '');
  return owner !== undefined && fate(owner) === 'runs';
}

/**
 * Only who holds a second lock removes a stale one, and looks again before: so that nobody removes the lock of the one that was
 * quicker. A second lock that is stale itself goes the same way.
 *
 * @returns who holds the second lock for long; undefined when it is worth another try
 */
async function removeStale(path: string, stale: string): Promise<Holder | undefined> {
  const takeover = `${path}.takeover`;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const got = await tryLock(takeover);
    if (typeof got === 'function') {
      try {
        if ((await readIfThere(path)) === stale) await rm(path, { force: true });
        return undefined;
      } finally {
        await got();
      }
    }
    if ((await readIfThere(path)) !== stale) return undefined;
    if (tries === mostTries - 1 && got !== undefined) return got;
    await setTimeout(pauseBetweenTries);
  }
  return undefined;
}

/** To take a lock over takes a few calls to the disk; whoever takes a thousand times as long has stopped. */
const mostTries = 500;
const pauseBetweenTries = 10;

function holds(text: string): boolean {
  const owner = parseOwner(text);
  if (owner === undefined) return false;
  const seen = fate(owner);
  if (seen !== 'unseen') return seen === 'runs';
  if (owner.host !== hostname()) return true;
  // Of a container that was started anew, or of an earlier version.
  if (owner.pid === process.pid) {
    // The number of a dead process may have come to this one: a lock older than this process is not its own.
    return owner.since >= Date.now() - process.uptime() * 1000;
  }
  return isAlive(owner.pid);
}

const fate = ({ processes = 'unknown', started = '', ...named }: Owner): Fate =>
  fateOf({ ...named, processes, started });

/** Undefined for a file that no version of takeLock wrote. */
function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, host, since, ...more } = JSON.parse(text) as Partial<Owner>;
    // 0 and below stand for groups of processes, of which some always run.
    const isProcess = typeof pid === 'number' && Number.isInteger(pid) && pid > 0;
    if (!isProcess || typeof host !== 'string' || typeof since !== 'number') return undefined;
    return { pid, host, since, ...more };
  } catch {
    return undefined;
  }
}
