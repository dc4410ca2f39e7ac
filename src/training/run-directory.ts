import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeOutputFolder } from '../base/storage/output-folder.js';
import { errorCode, isMissing } from '../base/system-error.js';
import type { Vocabulary } from '../text/vocabulary.js';
import { AdvError } from '../base/errors.js';
import { storageError, writeAtomically } from '../base/storage/atomic-file.js';
import { historyLines } from './history.js';
import type { EpochRecord } from '../base/epoch-record.js';
import { isLocked, takeLock } from '../base/storage/lock.js';
import { shellQuoted } from '../base/storage/shell-path.js';
import { readRecord } from './read-run.js';
import { defaultParent, runPaths, type RunPaths } from './run-paths.js';
import type { RunRecord } from './run-record.js';

/** A run directory that this process alone may write, until release(). */
export class RunDirectory {
  readonly paths: RunPaths;
  readonly #unlock: () => Promise<void>;

  private constructor(paths: RunPaths, unlock: () => Promise<void>) {
    this.paths = paths;
    this.#unlock = unlock;
  }

  /**
   * Makes and locks the directory of a new run.
   *
   * @param out as the user named it; undefined for the first of runs/NAME, runs/NAME-2, … that is free
   * @param name name of the run, made of what it trains on and how
   * @throws AdvError RUN_DIRECTORY when `out` is in use or not empty, STORAGE when it cannot be made
   */
  static async create(out: string | undefined, name: string): Promise<RunDirectory> {
    const directory = out ?? (await claimFreeName(join(defaultParent, name)));
    if (out !== undefined) {
      await requireFree(out);
      await makeOutputFolder(out);
    }
    const paths = runPaths(directory);
    const unlock = await takeRunLock(paths.lock);
    await makeOutputFolder(join(directory, 'checkpoint'));
    return new RunDirectory(paths, unlock);
  }

  /**
   * Locks the directory of an earlier run and removes what a killed process left half-written.
   *
   * @throws AdvError RUN_DIRECTORY when it is in use or no run directory
   */
  static async reopen(directory: string): Promise<RunDirectory> {
    const paths = runPaths(directory);
    await readRecord(directory);
    const unlock = await takeRunLock(paths.lock);
    for (const folder of [directory, join(directory, 'checkpoint')]) {
      const left = (await listFolder(folder)).filter((name) => name.endsWith('.tmp'));
      for (const name of left) await rm(join(folder, name), { force: true });
    }
    return new RunDirectory(paths, unlock);
  }

  /** Replaces run.json. */
  async writeRecord(record: RunRecord): Promise<void> {
    await writeAtomically(this.paths.record, [`${JSON.stringify(record, null, 2)}\n`]);
  }

  /** Replaces history.jsonl as a whole, so that a resumed run never repeats a line. */
  async writeHistory(history: readonly EpochRecord[]): Promise<void> {
    await writeAtomically(this.paths.history, [historyLines(history)]);
  }

  /** Stores the vocabulary, from which token ids follow. */
  async writeVocabulary(vocabulary: Vocabulary): Promise<void> {
    await writeAtomically(this.paths.vocabulary, [JSON.stringify(vocabulary.tokens)]);
  }

  /** Whether an earlier process saved anything to continue from, or must have and it was deleted. */
  async hasBegun(): Promise<boolean> {
    const names = await listFolder(this.paths.directory);
    const saved = await listFolder(dirname(this.paths.checkpoint));
    return names.includes(basename(this.paths.history)) || saved.includes(basename(this.paths.checkpoint));
  }

  /** Gives the directory free for other processes. */
  async release(): Promise<void> {
    await this.#unlock();
  }
}

/**
 * Fails when a new run cannot go into this folder: asked before the data is read, because that may take long.
 *
 * @throws AdvError RUN_DIRECTORY
 */
export async function requireFree(out: string): Promise<void> {
  const content = await listFolder(out);
  if (content.length === 0) return;
  if (await isLocked(runPaths(out).lock)) {
    throw new AdvError(
      'RUN_DIRECTORY',
      `the run directory ${out} is in use by another process`,
      'Choose another --out, or wait for that run.',
    );
  }
  const isRun = content.includes(basename(runPaths(out).record));
  const resume = `, or continue the run in it with: npx advnative train --resume ${shellQuoted(out)}`;
  throw new AdvError(
    'RUN_DIRECTORY',
    `expected --out to name a new or empty folder, got ${out}, which holds ${content.slice(0, 3).join(', ')}`,
    isRun ? `Choose another folder${resume}` : 'Choose another folder, or one below it.',
  );
}

/** mkdir is atomic: of two processes that want one name, one gets it and the other counts on. */
async function claimFreeName(wanted: string): Promise<string> {
  await makeOutputFolder(dirname(wanted));
  for (let count = 1; ; count += 1) {
    const directory = count === 1 ? wanted : `${wanted}-${count}`;
    try {
      await mkdir(directory);
      return directory;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw storageError(directory, error);
    }
  }
}

function takeRunLock(path: string): Promise<() => Promise<void>> {
  return takeLock(
    path,
    ({ pid, host }) =>
      new AdvError(
        'RUN_DIRECTORY',
        `the run directory is in use by process ${pid} on ${host}`,
        `Wait for it or stop it, or choose another --out. If that process is surely gone, delete ${path}.`,
      ),
  );
}

async function listFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw storageError(path, error);
  }
}
