import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../storage/atomic-file.js';
import type { CorpusFile } from '../corpora/corpus.js';
import { onDisk } from '../download/failure.js';
import { checksumMismatch } from '../download/verify.js';

/**
 * The folder beside a corpus's own where a fetch collects its files: `<folder>.part`. The corpus's folder changes only
 * when all are there; what an interrupted fetch has collected is where the next one goes on.
 */
export class Staging {
  readonly path: string;
  readonly #folder: string;
  readonly #whole = new Set<string>();

  private constructor(folder: string) {
    this.#folder = folder;
    this.path = `${folder}.part`;
  }

  /**
   * Opens the staging of a corpus, which need not be there yet. Of what an earlier fetch left, files that are not the
   * official ones are removed.
   *
   * @param folder the corpus's own folder
   * @param files all that this fetch is to collect
   * @throws StorageFailure, AdvError INTERRUPTED
   */
  static async open(
    folder: string,
    files: readonly CorpusFile[],
    signal: AbortSignal | undefined,
  ): Promise<Staging> {
    const staging = new Staging(folder);
    for (const { path, checksum } of files) {
      const staged = staging.#staged(path);
      if (!(await isThere(staged))) continue;
      if ((await checksumMismatch(staged, checksum, signal)) === undefined) staging.#whole.add(path);
      else await onDisk(staged, () => rm(staged));
    }
    return staging;
  }

  /** Those of some files that have not been collected yet. */
  lacking(files: readonly CorpusFile[]): CorpusFile[] {
    return files.filter(({ path }) => !this.#whole.has(path));
  }

  /** Where something is downloaded to; each source has a place of its own, so that each can go on. */
  incoming(source: number, name: string): string {
    return join(this.path, 'incoming', String(source), name);
  }

  /** An empty folder to unpack an archive to. */
  async emptyFolder(): Promise<string> {
    const folder = join(this.path, 'unpacked');
    await onDisk(folder, async () => {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
    });
    return folder;
  }

  /** Takes a whole and right file over from where it came in. */
  async accept(from: string, path: string): Promise<void> {
    const staged = this.#staged(path);
    await onDisk(staged, async () => {
      await mkdir(dirname(staged), { recursive: true });
      await rename(from, staged);
    });
    this.#whole.add(path);
  }

  /**
   * Moves the collected files to the corpus's folder: all at once where there is no such folder yet, else one by one,
   * each whole, with what else lies there left as it is.
   *
   * @throws StorageFailure
   */
  async publish(): Promise<void> {
    const collected = join(this.path, 'files');
    await onDisk(this.#folder, async () => {
      for (const path of this.#whole) await syncFile(this.#staged(path));
      if (await isThere(this.#folder)) {
        for (const path of this.#whole) await this.#replace(path);
      } else {
        await rename(collected, this.#folder);
        await syncFolder(dirname(this.#folder));
      }
      await rm(this.path, { recursive: true, force: true });
    });
  }

  /** Removes all that no later fetch can use. */
  async tidy(): Promise<void> {
    await onDisk(this.path, async () => {
      await rm(join(this.path, 'unpacked'), { recursive: true, force: true });
      await prune(this.path);
    });
  }

  #staged(path: string): string {
    return join(this.path, 'files', path);
  }

  async #replace(path: string): Promise<void> {
    const destination = join(this.#folder, path);
    await mkdir(dirname(destination), { recursive: true });
    await rename(this.#staged(path), destination);
    await syncFolder(dirname(destination));
  }
}

/** Removes downloads that cannot go on, because they are empty or have no notes, and then empty folders. */
async function prune(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await prune(path);
    else if (entry.name.endsWith('.part') && !(await canGoOn(path))) {
      await rm(path);
      await rm(`${path}.json`, { force: true });
    }
  }
  await rmdir(folder).catch(() => undefined);
}

async function canGoOn(part: string): Promise<boolean> {
  return (await stat(part)).size > 0 && (await isThere(`${part}.json`));
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync().finally(() => file.close());
}
