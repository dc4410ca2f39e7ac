import { lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../base/storage/atomic-file.js';
import { onDisk } from './download/failure.js';
import { isThere, stagingPlaces } from './places.js';

/**
 * Puts collected files in the places of a corpus's old ones: all of them or none. The names are noted before the first file
 * moves, and old files are kept until the last has moved; removing the note is what makes the new files stay. Where the process
 * ends before, {@link undoReplacement} brings the old ones back.
 *
 * @param paths files that have been collected, below the folder
 * @throws StorageFailure; the folder then holds what it held before
 */
export async function replaceFiles(folder: string, paths: readonly string[]): Promise<void> {
  const { path, collected, replaced, replacing } = stagingPlaces(folder);
  await onDisk(folder, async () => {
    await rm(replaced, { recursive: true, force: true });
    await note(replacing, paths);
    await syncFolder(path);
    try {
      for (const name of paths) {
        const destination = join(folder, name);
        // A folder is nobody's old file: the new one must not take its place.
        if (await isOldFile(destination)) await move(destination, join(replaced, name));
        await move(join(collected, name), destination);
      }
      await syncFolders(paths.map((name) => join(folder, name)));
    } catch (error) {
      // The first error is the one to tell; what could not be moved back now is as after a kill.
      await undoReplacement(folder).catch(() => undefined);
      throw error;
    }
    await rm(replacing);
    await syncFolder(path);
  });
}

/** Whether the files of a folder are old and new ones, because a process that replaced them has ended or is not done. */
export async function isHalfReplaced(folder: string): Promise<boolean> {
  return isThere(stagingPlaces(folder).replacing);
}

/**
 * Brings back the old files of a replacement that did not come to its end; the new ones are as before it, collected. Does
 * nothing where there is none. Ended at any point, it goes on when it is called again.
 *
 * @throws StorageFailure
 */
export async function undoReplacement(folder: string): Promise<void> {
  const { path, collected, replaced, replacing } = stagingPlaces(folder);
  if (!(await isHalfReplaced(folder))) return;
  await onDisk(folder, async () => {
    const paths = JSON.parse(await readFile(replacing, 'utf8')) as string[];
    for (const name of paths) {
      const destination = join(folder, name);
      const staged = join(collected, name);
      const old = join(replaced, name);
      if (!(await isThere(staged)) && (await isThere(destination))) await move(destination, staged);
      if (await isOldFile(old)) await move(old, destination);
    }
    await syncFolders(paths.map((name) => join(folder, name)));
    await rm(replacing);
    await syncFolder(path);
  });
}

/** The note appears whole or not at all. */
async function note(path: string, paths: readonly string[]): Promise<void> {
  const complete = `${path}.tmp`;
  const file = await open(complete, 'w');
  try {
    await file.writeFile(JSON.stringify(paths));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(complete, path);
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
}

/** Links count as files, wherever they lead. */
async function isOldFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (entry) => !entry.isDirectory(),
    () => false,
  );
}

async function syncFolders(paths: readonly string[]): Promise<void> {
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    if (await isThere(folder)) await syncFolder(folder);
  }
}
