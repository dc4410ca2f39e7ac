import { access, constants, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AdvError } from '../errors.js';
import { writeFailure } from '../system-error.js';

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
 * @throws AdvError STORAGE when the disk is full or not writable or the path is that of a folder or a device, and
 *   whatever the stream throws; what the path held before is untouched
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
  await stored(requireReplaceable(path));
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
 * Checks that writeAtomically() could write a file, before the work whose result it is to hold.
 *
 * @throws AdvError STORAGE when its folder is missing or not writable, or when the path is that of a folder or a device
 */
export async function requireWritable(path: string): Promise<void> {
  try {
    if (/[\\/]$/u.test(path)) throw failure('EISDIR');
    const folder = dirname(resolve(path));
    if (!(await stat(folder)).isDirectory()) throw failure('ENOTDIR');
    await access(folder, constants.W_OK | constants.X_OK);
    await requireReplaceable(path);
  } catch (error) {
    throw storageError(path, error);
  }
}

/** A device, or a pipe such as /dev/stdout, would be gone, and a file in its place. */
async function requireReplaceable(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) throw failure('EISDIR');
  if (there?.isFile() === false) throw new Error('it is no ordinary file');
}

/** An error as the file system would give it later. */
function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
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

/** A failed write as an error for users. */
export function storageError(path: string, error: unknown): AdvError {
  if (error instanceof AdvError) return error;
  const { reason, advice, neverThere } = writeFailure(error);
  return new AdvError(
    'STORAGE',
    `cannot write ${path}: ${reason}`,
    neverThere ? advice : `${advice} What the path held before is untouched.`,
    { cause: error },
  );
}
