import { ByteWriter, parquetWriteBuffer, type ParquetWriteOptions } from 'hyparquet-writer';
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { RandomAccess } from '../../../src/files/parquet/chunk.js';

export type ParquetOptions = Omit<ParquetWriteOptions, 'writer'>;

/** A Parquet file with pages of version 2, as hyparquet-writer makes it. */
export function parquetFile(options: ParquetOptions): Buffer {
  const compressors = {
    GZIP: (bytes: Uint8Array) => gzipSync(bytes),
    BROTLI: (bytes: Uint8Array) => brotliCompressSync(bytes),
    ...options.compressors,
  };
  return Buffer.from(parquetWriteBuffer({ ...options, compressors }));
}

/** A table of some texts and their labels: of the type STRING, or DOUBLE where they are numbers. */
export function parquetOf(
  columns: { readonly text: readonly unknown[]; readonly label: readonly unknown[] },
  options: Partial<ParquetOptions> = {},
): Buffer {
  const columnData = Object.entries(columns).map(([name, data]) => {
    const numbers = data.some((value) => typeof value === 'number');
    return { name, data: [...data], type: numbers ? ('DOUBLE' as const) : ('STRING' as const) };
  });
  return parquetFile({ ...options, columnData });
}

/** A file in memory, as the reader takes it. */
export function inMemory(bytes: Buffer): RandomAccess {
  return {
    byteLength: bytes.length,
    read: (start, end) => Promise.resolve(Buffer.from(bytes.subarray(start, end))),
  };
}

/** Pages of a column as they lie in a file, without compression. */
export interface CraftedColumn {
  readonly name: string;
  /** Place of the type in Parquet's list: 1 for INT32, 6 for BYTE_ARRAY, … */
  readonly type: number;
  readonly optional: boolean;
  readonly pages: readonly CraftedPage[];
}

/** A page of version 1: the header's own part, and what lies behind it. */
export interface CraftedPage {
  readonly header: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** A data page of version 1. */
export function dataPage(count: number, encoding: number, ...body: readonly Buffer[]): CraftedPage {
  return {
    header: { field_1: 0, field_5: { field_1: count, field_2: encoding, field_3: 3, field_4: 3 } },
    body: Buffer.concat(body),
  };
}

/** A dictionary page. */
export function dictionaryPage(count: number, ...body: readonly Buffer[]): CraftedPage {
  return { header: { field_1: 2, field_7: { field_1: count, field_2: 0 } }, body: Buffer.concat(body) };
}

/** A text as PLAIN has it: four bytes of length before. */
export function plain(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Levels with four bytes of length before, as pages of version 1 have them. */
export function levels(...runs: readonly number[]): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(runs.length);
  return Buffer.concat([length, Buffer.from(runs)]);
}

/** A Parquet file of one row group of given pages, right or wrong. */
export function craftedFile(rows: number, columns: readonly CraftedColumn[]): Buffer {
  const parts: Buffer[] = [Buffer.from('PAR1')];
  let offset = 4;
  const chunks = columns.map(({ name, type, pages }) => {
    const start = offset;
    for (const { header, body } of pages) {
      const sizes = { field_2: body.length, field_3: body.length };
      const { field_1, ...rest } = header;
      const bytes = thrift({ field_1, ...sizes, ...rest });
      parts.push(bytes, body);
      offset += bytes.length + body.length;
    }
    const size = BigInt(offset - start);
    return {
      field_2: BigInt(start),
      field_3: {
        ...{ field_1: type, field_2: [0, 3], field_3: [name], field_4: 0, field_5: BigInt(rows) },
        // Arrow lets a chunk without pages begin at 0, which is no place for one.
        ...{ field_6: size, field_7: size, field_9: BigInt(pages.length === 0 ? 0 : start) },
      },
    };
  });
  const schema = columns.map(({ name, type, optional }) => ({
    ...{ field_1: type, field_3: optional ? 1 : 0, field_4: name },
    ...(type === 6 ? { field_6: 0 } : {}),
  }));
  const footer = thrift({
    ...{
      field_1: 1,
      field_2: [{ field_4: 'schema', field_5: columns.length }, ...schema],
      field_3: BigInt(rows),
    },
    field_4: [{ field_1: chunks, field_2: BigInt(offset), field_3: BigInt(rows) }],
  });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([...parts, footer, length, Buffer.from('PAR1')]);
}

function thrift(data: Record<string, unknown>): Buffer {
  const writer = new ByteWriter();
  serializeTCompactProtocol(writer, data);
  return Buffer.from(writer.getBytes());
}

/** LZ4 data that is nothing but literals. */
export function storedLz4(bytes: Buffer): Buffer {
  const rest = bytes.length - 15;
  const lengths = rest < 0 ? [] : [...Array.from({ length: Math.floor(rest / 255) }, () => 255), rest % 255];
  return Buffer.concat([Buffer.of(Math.min(bytes.length, 15) << 4, ...lengths), bytes]);
}

/** The same with the lengths of Hadoop before it. */
export function hadoopLz4(bytes: Buffer): Buffer {
  const packed = storedLz4(bytes);
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(bytes.length, 0);
  lengths.writeUInt32BE(packed.length, 4);
  return Buffer.concat([lengths, packed]);
}
