import { open, type FileHandle } from 'node:fs/promises';
import { AdvError } from '../base/errors.js';
import { ZstdProblem } from './compression/zstd-frames.js';
import { requireStoredFile, unreadable } from './files.js';
import { defaultColumns } from './columns.js';
import type { RandomAccess } from './parquet/chunk.js';
import { readChunk } from './parquet/column.js';
import { ParquetProblem } from './parquet/problem.js';
import { readTable, type RowGroupChunks } from './parquet/table.js';
import { OutOfBytes } from './parquet/varint.js';
import type { Columns, FileRecord } from './record.js';
import { typedRecord } from './values.js';

/**
 * Streams the rows of a Parquet file, in memory for a page of each column. A record is numbered by its row.
 *
 * @throws AdvError, while iterating, DATA_MISSING when the file cannot be read or is a pipe, DATA_MALFORMED when it lacks a column or is
 * damaged
 */
export async function* readParquet(
  file: string,
  columns: Columns = defaultColumns,
): AsyncGenerator<FileRecord, void, undefined> {
  await requireStoredFile(file);
  const handle = await open(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    yield* readRows(await randomAccess(file, handle), file, columns);
  } finally {
    await handle.close();
  }
}

/**
 * Streams the rows of a Parquet file that lies anywhere.
 *
 * @param name for messages
 * @throws AdvError as {@link readParquet} does
 */
export async function* readRows(
  file: RandomAccess,
  name: string,
  columns: Columns,
): AsyncGenerator<FileRecord, void, undefined> {
  let before = 0;
  try {
    for (const group of await readTable(file, name, columns)) {
      yield* readGroup(file, group, columns, before);
      before += group.rows;
    }
  } catch (error) {
    throw damagedParquet(name, error);
  }
}

async function* readGroup(
  file: RandomAccess,
  { rows, text, label }: RowGroupChunks,
  columns: Columns,
  before: number,
): AsyncGenerator<FileRecord, void, undefined> {
  const texts = new Values(readChunk(file, text));
  const labels = new Values(readChunk(file, label));
  for (let row = 0; row < rows;) {
    const count = Math.min(await texts.ready(), await labels.ready());
    if (count === 0) throw new ParquetProblem(`${row} values in a row group of ${rows} rows`);
    for (const end = row + count; row < end; row++) {
      yield typedRecord(before + row + 1, texts.next(), labels.next(), columns);
    }
  }
}

/** The values of a column one by one, though they come by pages: those of two columns end at different rows. */
class Values {
  readonly #pages: AsyncGenerator<ArrayLike<unknown>, void, undefined>;
  #page: ArrayLike<unknown> = [];
  #place = 0;

  constructor(pages: AsyncGenerator<ArrayLike<unknown>, void, undefined>) {
    this.#pages = pages;
  }

  /** How many values can be taken now: at least one while there are any. */
  async ready(): Promise<number> {
    while (this.#place === this.#page.length) {
      const next = await this.#pages.next();
      if (next.done) return 0;
      this.#page = next.value;
      this.#place = 0;
    }
    return this.#page.length - this.#place;
  }

  next(): unknown {
    return this.#page[this.#place++];
  }
}

async function randomAccess(file: string, handle: FileHandle): Promise<RandomAccess> {
  try {
    const facts = await handle.stat();
    if (facts.isDirectory()) throw Object.assign(new Error('a folder, not a file'), { code: 'EISDIR' });
    return { byteLength: facts.size, read: (start, end) => readFully(file, handle, start, end) };
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function readFully(file: string, handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(end - start);
  for (let filled = 0; filled < bytes.length;) {
    const { bytesRead } = await handle
      .read(bytes, filled, bytes.length - filled, start + filled)
      .catch((error: unknown) => {
        throw unreadable(file, error);
      });
    if (bytesRead === 0) throw damagedParquet(file, new OutOfBytes());
    filled += bytesRead;
  }
  return bytes;
}

/** The decoders throw whatever damaged data leads them to. */
function damagedParquet(file: string, error: unknown): AdvError {
  if (error instanceof AdvError) return error;
  const known = error instanceof ParquetProblem || error instanceof ZstdProblem;
  const reason = known ? error.message : `bytes that cannot be decoded (${String(error)})`;
  return new AdvError(
    'DATA_MALFORMED',
    `${file}: expected a whole Parquet file, got: ${reason}`,
    (error instanceof ParquetProblem ? error.hint : undefined) ??
      'Copy, download or make the file again. Parquet files are compressed inside, and not once more as a whole.',
    { cause: error },
  );
}
