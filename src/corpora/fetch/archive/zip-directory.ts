import { read } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import {
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  RandomAccessReader,
  type Entry,
  type ZipFile,
} from 'yauzl';
import type { EntryKind } from './members.js';

/**
 * Opens the directory of a zip archive. Names stay as they are in it: {@link nameOf} decodes them, and who uses them
 * judges them.
 *
 * @param size bytes of the file
 */
export async function openZipDirectory(file: FileHandle, size: number): Promise<ZipFile> {
  return fromRandomAccessReaderPromise(new WithinFile(file, size), size, {
    decodeStrings: false,
    autoClose: false,
  });
}

/** What an entry is called. */
export function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
}

/** What an entry is, by its name and the type in its Unix mode, which archives from elsewhere leave at 0. */
export function kindOf(name: string, { externalFileAttributes }: Entry): EntryKind {
  const type = (externalFileAttributes >>> 16) & 0o170000;
  if (type === 0o120000) return 'symbolic link';
  if (type !== 0 && type !== 0o100000 && type !== 0o040000) return 'device';
  return type === 0o040000 || name.endsWith('/') ? 'folder' : 'file';
}

/**
 * Reads for yauzl. Its own reader throws where nobody can catch it, and so ends the process, when an archive names a
 * position that no file has.
 */
class WithinFile extends RandomAccessReader {
  readonly #file: FileHandle;
  readonly #size: number;

  constructor(file: FileHandle, size: number) {
    super();
    this.#file = file;
    this.#size = size;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    if (position + length > this.#size) {
      setImmediate(
        callback,
        new Error(`it names byte ${position + length} of a file of ${this.#size} bytes`),
      );
      return;
    }
    read(this.#file.fd, buffer, offset, length, position, callback);
  }
}
