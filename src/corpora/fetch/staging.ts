import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../base/storage/atomic-file.js';
import type { CorpusFile } from '../corpus.js';
import { onDisk } from './download/failure.js';
import { checksumMismatch } from './download/verify.js';
import { isThere, stagingPlaces, type StagingPlaces } from './places.js';
import { replaceFiles } from './replacement.js';

/**
 * The folder beside a corpus's own where a fetch collects its files: `<folder>.part`. The corpus's folder changes only
 * when all are there; what an interrupted fetch has collected is where the next one goes on.
 */
export class Staging {
  readonly #folder: string;
  readonly #places: StagingPlaces;
  readonly #whole = new Set<string>();

  private constructor(folder: string) {
    this.#folder = folder;
    this.#places = stagingPlaces(folder);
  }

  /**
   * Opens the staging of a corpus, which need not be there yet. Of what an earlier fetch left, only official files
   * stay: nobody can tell where one without a known checksum came from, or whether it is whole.
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
      const official =
        checksum !== undefined && (await checksumMismatch(staged, checksum, signal)) === undefined;
      if (official) staging.#whole.add(path);
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
    return join(this.#places.incoming, String(source), name);
  }

  /** An empty folder to unpack an archive to. */
  async emptyFolder(): Promise<string> {
    const folder = this.#places.unpacked;
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
   * Moves the collected files to the corpus's folder, all of them or none: at once where there is no such folder yet, else in
   * place of those that lie there, with what else does left as it is.
   *
   * @throws StorageFailure
   */
  async publish(): Promise<void> {
    const { path, collected } = this.#places;
    await onDisk(this.#folder, async () => {
      for (const name of this.#whole) await syncFile(this.#staged(name));
      if (!(await isThere(this.#folder))) {
        await rename(collected, this.#folder);
        await syncFolder(dirname(this.#folder));
      }
    });
    if (await isThere(collected)) await replaceFiles(this.#folder, [...this.#whole]);
    await onDisk(path, () => rm(path, { recursive: true, force: true }));
  }

  /** Removes all that no later fetch can use. */
  async tidy(): Promise<void> {
    const { path, unpacked, replaced, replacing } = this.#places;
    // Old files that could not be brought back are still somebody's.
    if (await isThere(replacing)) return;
    await onDisk(path, async () => {
      for (const folder of [unpacked, replaced]) await rm(folder, { recursive: true, force: true });
      await prune(path);
    });
  }

  #staged(path: string): string {
    return join(this.#places.collected, path);
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

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync().finally(() => file.close());
}
