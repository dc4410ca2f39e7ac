import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { errorCode, isMissing } from '../system-error.js';
import { storageError } from './atomic-file.js';

/**
 * Creates a file unless there is one. It appears with its content or not at all: one that is read while it is written would look abandoned.
 *
 * @param text unlike that of anybody else
 * @returns whether it was created
 * @throws AdvError STORAGE
 */
export async function createExclusively(path: string, text: string): Promise<boolean> {
  const complete = `${path}.${process.pid}-${randomUUID()}.tmp`;
  try {
    await writeFile(complete, text);
    // Over NFS a link may be made and the answer lost, so that the second try finds the name taken.
    return (await linkUnlessThere(complete, path)) || (await readIfThere(path)) === text;
  } catch (error) {
    throw storageError(path, error);
  } finally {
    await rm(complete, { force: true });
  }
}

async function linkUnlessThere(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @returns the content; undefined where there is no file
 * @throws AdvError STORAGE
 */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw storageError(path, error);
  }
}
