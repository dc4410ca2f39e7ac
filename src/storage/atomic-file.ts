import { access, constants, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AdvError } from '../errors.js';

/** The part of the file system that writing needs; tests replace it by one that fails. */
export interface Storage {
  open(path: string, flags: 'w' | 'r'): Promise<Pick<FileHandle, 'writeFile' | 'sync' | 'close'>>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: true }): Promise<void>;
}

const disk: Storage = { open, rename, rm };

/**
 * Replaces a file as a whole: readers and a crash at any moment see the old content or the new one, nothing between.
 * The content goes to a temporary file in the same folder, onto the disk, and takes the name then.
 *
 * @param chunks the content, in order; a stream is written as it comes
 * @throws AdvError STORAGE when the disk is full or not writable, and whatever the stream throws; what the path held
 *   before is untouched
 */
export async function writeAtomically(
  path: string,
  chunks: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>,
  storage: Storage = disk,
): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const stored = <Result>(result: Promise<Result>): Promise<Result> =>
    result.catch((error: unknown) => {
      throw storageError(path, error);
    });
  try {
    const file = await stored(storage.open(temporary, 'w'));
    try {
      for await (const chunk of chunks) await stored(file.writeFile(chunk));
      await stored(file.sync());
    } finally {
      await stored(file.close());
    }
    await stored(storage.rename(temporary, path));
    await stored(syncFolder(dirname(path), storage));
  } catch (error) {
    // Nothing can be done about a leftover on a broken disk, and the first error is the one to tell.
    await storage.rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * Checks that a file could be written, before the work whose result it is to hold.
 *
 * @throws AdvError STORAGE when its folder is missing or not writable
 */
export async function requireWritableFolder(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw storageError(path, error);
  }
}

/** Makes the new name itself durable. Windows has no such call: there the file's own sync must do. */
export async function syncFolder(folder: string, storage: Pick<Storage, 'open'> = disk): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await storage.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of the path is a file, not a folder',
};

/** A failed write as an error for users. */
export function storageError(path: string, error: unknown): AdvError {
  if (error instanceof AdvError) return error;
  return new AdvError(
    'STORAGE',
    `cannot write ${path}: ${failureReason(error)}`,
    'What it held before is untouched. Free space or fix the permissions; a training run goes on with --resume.',
    { cause: error },
  );
}

/** Why the file system refused, in words and with the system's code. */
export function failureReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return `${reason}${code === '' ? '' : ` (${code})`}`;
}
