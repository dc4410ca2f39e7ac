import { randomUUID } from 'node:crypto';
import { read } from 'node:fs';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { AdvError } from '../errors.js';
import { writeFailure } from '../system-error.js';

/** A part of a scratch file to be read. */
export interface ScratchPart {
  /** Where it begins, in bytes. */
  readonly position: number;
  /** Receives the bytes; as long as the part. */
  readonly into: NodeJS.ArrayBufferView;
}

/**
 * A file for what does not fit into memory. It has no name: the system frees it when it is closed or the process ends,
 * however it ends.
 */
export class ScratchFile {
  readonly #folder: string;
  readonly #handle: FileHandle;
  readonly #reading = new Set<Promise<void>>();
  #bytes = 0;

  private constructor(folder: string, handle: FileHandle) {
    this.#folder = folder;
    this.#handle = handle;
  }

  /**
   * Makes an empty scratch file.
   *
   * @param folder an existing folder on the disk that is to hold it
   * @throws AdvError STORAGE when nothing can be written there
   */
  static async create(folder: string): Promise<ScratchFile> {
    try {
      const path = join(folder, `.advnative-${randomUUID()}.tmp`);
      const handle = await open(path, 'wx+', 0o600);
      await unlink(path);
      return new ScratchFile(folder, handle);
    } catch (error) {
      throw unwritable(folder, 0, error);
    }
  }

  /**
   * Adds bytes at the end. The next call waits until this one is over.
   *
   * @throws AdvError STORAGE when the disk is full
   */
  async append({ buffer, byteOffset, byteLength }: NodeJS.ArrayBufferView): Promise<void> {
    try {
      await this.#handle.writeFile(new Uint8Array(buffer, byteOffset, byteLength));
      this.#bytes += byteLength;
    } catch (error) {
      throw unwritable(this.#folder, this.#bytes, error);
    }
  }

  /**
   * Reads several parts at once.
   *
   * @throws AdvError STORAGE when the disk fails or a part reaches beyond the end
   */
  async read(parts: readonly ScratchPart[]): Promise<void> {
    const reading = this.#readAll(parts);
    this.#reading.add(reading);
    try {
      await reading;
    } finally {
      this.#reading.delete(reading);
    }
  }

  /** Frees the file, after the reads that have begun. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#reading);
    await this.#handle.close();
  }

  /** Callbacks with one promise for all parts: FileHandle.read() takes four times the time of the main thread. */
  #readAll(parts: readonly ScratchPart[]): Promise<void> {
    return new Promise((resolve, reject) => {
      let left = parts.length;
      if (left === 0) resolve();
      let failure: AdvError | undefined;
      for (const { position, into } of parts) {
        read(this.#handle.fd, into, 0, into.byteLength, position, (error, bytesRead) => {
          if (error !== null || bytesRead !== into.byteLength) {
            const shortfall = `got ${bytesRead} of ${into.byteLength} bytes at ${position}`;
            failure = unreadable(this.#folder, error ?? new Error(shortfall));
          }
          left -= 1;
          // Not before the last one is over: until then the system writes into the caller's memory.
          if (left > 0) return;
          if (failure === undefined) resolve();
          else reject(failure);
        });
      }
    });
  }
}

function unwritable(folder: string, bytes: number, error: unknown): AdvError {
  return new AdvError(
    'STORAGE',
    `cannot keep the data's token ids in a temporary file in ${folder}: ${writeFailure(error).reason} ` +
      `after ${Math.round(bytes / 2 ** 20)} MiB`,
    'Free space there, or choose a run directory on another disk with --out.',
    { cause: error },
  );
}

function unreadable(folder: string, error: unknown): AdvError {
  return new AdvError(
    'STORAGE',
    `cannot read the data's token ids back from a temporary file in ${folder}: ${writeFailure(error).reason}`,
    'The disk may be failing. What the run has saved is untouched.',
    { cause: error },
  );
}
