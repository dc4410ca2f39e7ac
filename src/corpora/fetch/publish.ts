import { access, constants, lstat, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolders } from '../../base/storage/make-folders.js';
import { syncFolder } from '../../base/storage/atomic-file.js';
import { onDisk } from './failure.js';

/** Where a fetch works, all of it beside the corpus's own folder and so on the same disk. */
export interface Staging {
  /** The folder of all this: `<folder>.part`. */
  readonly path: string;
  /** Files that are whole and right, until all are there. */
  readonly collected: string;
  /** All of them, from the moment on when they take the places of old ones. */
  readonly ready: string;
  /** Downloads. */
  readonly incoming: string;
}

/** @param folder the corpus's own folder, where it really lies */
export function stagingOf(folder: string): Staging {
  const path = `${folder}.part`;
  const below = (name: string): string => join(path, name);
  return { path, collected: below('files'), ready: below('ready'), incoming: below('incoming') };
}

/**
 * Moves collected files to a corpus's folder, all of them or none, and leaves what else lies there. Giving the folder of the
 * collected ones another name is what decides: a process that ends before leaves the old files, and after one that ends later
 * {@link settle} finishes the work.
 *
 * @throws AdvError STORAGE
 */
export async function publish(folder: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const { path, collected, ready } = stagingOf(folder);
  if (await isThere(folder)) {
    for (const name of paths) await requireReplaceable(join(folder, name));
  }
  await onDisk(folder, async () => {
    await rename(collected, ready);
    await syncFolder(path);
  });
  await settle(folder);
}

/** Whether a process has ended, or is at work, between deciding and the last move. */
export async function isHalfPublished(folder: string): Promise<boolean> {
  return isThere(stagingOf(folder).ready);
}

/**
 * Finishes what {@link publish} has decided; does nothing where it has not. Ended at any point, it goes on when it is called
 * again.
 *
 * @throws AdvError STORAGE
 */
export async function settle(folder: string): Promise<void> {
  const { path, ready } = stagingOf(folder);
  if (!(await isThere(ready))) return;
  await onDisk(folder, async () => {
    if (await isThere(folder)) {
      for (const name of await pathsBelow(ready)) {
        const destination = join(folder, name);
        await makeFolders(dirname(destination));
        await rename(join(ready, name), destination);
        await syncFolder(dirname(destination));
      }
    } else {
      await rename(ready, folder);
      await syncFolder(dirname(folder));
    }
    await rm(path, { recursive: true });
  });
}

/** Paths of all files below a folder. */
export async function pathsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** A folder is nobody's old file, and what cannot be written is found before the first file moves. */
async function requireReplaceable(path: string): Promise<void> {
  await onDisk(path, async () => {
    await makeFolders(dirname(path));
    await access(dirname(path), constants.W_OK);
    const there = await lstat(path).catch(() => undefined);
    if (there?.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
  });
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
