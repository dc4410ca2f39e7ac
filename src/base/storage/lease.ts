import { randomUUID } from 'node:crypto';
import { link, rename, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { errorCode, isMissing } from '../system-error.js';
import { storageError } from './atomic-file.js';
import { createExclusively, readIfThere } from './exclusive-file.js';
import { fateOf, ownMark, type ProcessMark } from './process-mark.js';

/** Who holds a lease, as its file says. */
export interface LeaseHolder {
  readonly pid: number;
  readonly host: string;
}

/** How often a holder shows that it lives, and after how long without that it is taken for dead, in milliseconds. */
export interface LeaseTimes {
  readonly beat: number;
  readonly patience: number;
}

/** For folders on network file systems, whose facts may be a minute old. */
const usualTimes: LeaseTimes = { beat: 20_000, patience: 300_000 };

const looksPerBeat = 20;

/** What a file of a lease was like when somebody looked. */
interface Seen {
  readonly facts: string;
  /** By this process's own clock, which alone need be right. */
  readonly since: number;
}

/**
 * Takes leases in a folder that processes of several machines share. A lease is a file that its holder touches again and again. It is
 * taken over when its holder is gone, as a process of the same machine and container sees, or when it has not changed for so long: clocks of
 * machines are never compared. Only what every file system does at once is relied on: `link`, which fails where the name is taken, and `rename`.
 *
 * A holder that was only asleep learns at its next beat that the lease is another's, see {@link Lease.lost}.
 */
export class Leases {
  readonly #times: LeaseTimes;
  readonly #seen = new Map<string, Seen>();

  constructor(times: LeaseTimes = usualTimes) {
    this.#times = times;
  }

  /**
   * Takes a lease, unless another holds it.
   *
   * @returns the lease, or who holds it
   * @throws AdvError STORAGE when the file cannot be written
   */
  async take(path: string): Promise<Lease | LeaseHolder> {
    const own = JSON.stringify({ ...ownMark(), id: randomUUID() });
    for (;;) {
      if (await createExclusively(path, own)) return new Lease(path, own, this.#times.beat);
      const holder = await this.#livingHolder(path);
      if (holder !== undefined) return { pid: holder.pid, host: holder.host };
    }
  }

  /**
   * Waits until one of some leases that others hold can be taken, or until all their holders have shown meanwhile that they live.
   *
   * @returns whether one can be taken; false, too, soon after the signal has fired
   * @throws AdvError STORAGE
   */
  async oneComesFree(paths: readonly string[], signal: AbortSignal): Promise<boolean> {
    const before = new Map<string, string | undefined>();
    const doubtful = new Set(paths);
    while (doubtful.size > 0 && !signal.aborted) {
      for (const path of doubtful) {
        const holder = await this.#livingHolder(path);
        if (holder === undefined) return true;
        const facts = this.#seen.get(path)?.facts;
        const lives = fateOf(holder) === 'runs' || (before.has(path) && facts !== before.get(path));
        if (lives) doubtful.delete(path);
        before.set(path, facts);
      }
      if (doubtful.size > 0) await setTimeout(this.#times.beat / looksPerBeat);
    }
    return false;
  }

  /** Who holds a lease; undefined where nobody does any more. What is left of a dead holder is removed. */
  async #livingHolder(path: string): Promise<ProcessMark | undefined> {
    const text = await readIfThere(path);
    const touched = await stat(path).catch(() => undefined);
    if (text === undefined || touched === undefined) return undefined;
    const holder = parseHolder(text);
    if (fateOf(holder) !== 'gone' && !this.#isStill(path, `${text}${touched.mtimeMs}`)) return holder;
    await removeIfStill(path, text);
    return undefined;
  }

  /** Whether a file has not changed for longer than patience lasts, since this process first saw it so. */
  #isStill(path: string, facts: string): boolean {
    const seen = this.#seen.get(path);
    const now = performance.now();
    if (seen?.facts === facts) return now - seen.since > this.#times.patience;
    this.#seen.set(path, { facts, since: now });
    return false;
  }
}

/** A lease that this process holds until {@link Lease.release}, unless it is lost. */
export class Lease {
  readonly #path: string;
  readonly #own: string;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(path: string, own: string, beat: number) {
    this.#path = path;
    this.#own = own;
    this.#timer = setInterval(() => void this.#beat(), beat);
    this.#timer.unref();
  }

  /** Fires when another process has taken the lease over, because this one did not show for too long that it lives. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Gives the lease back. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    if ((await readIfThere(this.#path)) === this.#own) await rm(this.#path, { force: true });
  }

  async #beat(): Promise<void> {
    try {
      if (await this.#isOwn()) {
        const now = new Date();
        await utimes(this.#path, now, now);
      } else {
        clearInterval(this.#timer);
        this.#lost.abort();
      }
    } catch {
      // A file system that does not answer now may do so at the next beat; if it never does, the lease is taken over.
    }
  }

  /** Whoever takes over what looks dead may hold a living lease for an instant, and puts it back. */
  async #isOwn(): Promise<boolean> {
    for (const pause of [100, 1000]) {
      const text = await readIfThere(this.#path);
      if (text !== undefined) return text === this.#own;
      await setTimeout(pause);
    }
    return (await readIfThere(this.#path)) === this.#own;
  }
}

/** Of several that remove the same, one gets it; who gets another one, because somebody was quicker, puts it back. */
async function removeIfStill(path: string, stale: string): Promise<void> {
  const removed = `${path}.${randomUUID()}.tmp`;
  try {
    await rename(path, removed);
  } catch (error) {
    if (isMissing(error)) return;
    throw storageError(path, error);
  }
  try {
    if ((await readIfThere(removed)) !== stale) await link(removed, path);
  } catch (error) {
    // A third process has the name by now; whose lease this was learns it at its next beat.
    if (errorCode(error) !== 'EEXIST') throw storageError(path, error);
  } finally {
    await rm(removed, { force: true });
  }
}

/** A file that no version of this wrote is judged by its age alone. */
function parseHolder(text: string): ProcessMark {
  try {
    const { pid, host, processes, started = '' } = JSON.parse(text) as Partial<ProcessMark>;
    if (typeof pid === 'number' && pid > 0 && typeof host === 'string' && typeof processes === 'string') {
      return { pid, host, processes, started };
    }
  } catch {
    // Told as unknown below.
  }
  return { pid: 0, host: 'unknown', processes: '', started: '' };
}
