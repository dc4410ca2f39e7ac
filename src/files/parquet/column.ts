import type { ColumnMetaData, SchemaTree } from 'hyparquet';
import { crc32 } from 'node:zlib';
import { ChunkReader, type RandomAccess } from './chunk.js';
import { codecOf, type Codec } from './codecs.js';
import { readPageHeader, type PageHeader } from './page-header.js';
import { ParquetProblem } from './problem.js';
import { readPresence } from './runs.js';
import { ValueDecoder } from './value-decoder.js';
import { Cursor } from './varint.js';

/** Most bytes of a page, and most values: what lies in memory at a time. */
const mostPageBytes = 1 << 29;
const mostPageValues = 1 << 24;
/** Bytes that say how many bytes of levels follow. */
const lengthBytes = 4;

/** A column's part of a row group, which has been found to lie in the file. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly meta: ColumnMetaData;
  /** The column's place in the schema; it is flat. */
  readonly node: SchemaTree;
  /** Values that it must have. */
  readonly rows: number;
}

/**
 * Streams the values of a column chunk, a page at a time; null where there is none.
 *
 * @throws ParquetProblem, or whatever a decoder throws for bytes that can't be right
 */
export async function* readChunk(
  file: RandomAccess,
  { start, end, meta, node, rows }: Chunk,
): AsyncGenerator<ArrayLike<unknown>, void, undefined> {
  const codec = await codecOf(meta.codec);
  const decoder = new ValueDecoder(node);
  const reader = new ChunkReader(file, start, end);
  const optional = node.element.repetition_type !== 'REQUIRED';
  for (let left = rows; left > 0;) {
    const header = await reader.parse(readPageHeader);
    requireBounds(header, left);
    const body = await reader.take(header.compressedBytes);
    requireChecksum(header, body);
    if (header.type === 'INDEX_PAGE') continue;
    if (header.type === 'DICTIONARY_PAGE') {
      decoder.takeDictionary(codec(body, header.bytes), header.count);
      continue;
    }
    left -= header.count;
    yield decodePage(header, partsOf(header, body, codec, optional), decoder);
  }
}

function requireBounds({ type, bytes, count }: PageHeader, left: number): void {
  if (bytes > mostPageBytes || count > mostPageValues) {
    throw new ParquetProblem(`a page of ${bytes} bytes and ${count} values`);
  }
  const isData = type === 'DATA_PAGE' || type === 'DATA_PAGE_V2';
  if (isData && count > left) throw new ParquetProblem(`a page of ${count} values where ${left} are left`);
}

function requireChecksum({ checksum }: PageHeader, body: Buffer): void {
  // It is written as a signed integer.
  if (checksum === undefined || checksum >>> 0 === crc32(body)) return;
  throw new ParquetProblem('a page whose checksum differs');
}

/** What a data page holds: which values are there, and their bytes. */
interface PageParts {
  /** Undefined where all are there. */
  readonly levels: Buffer | undefined;
  /** They end where their memory does, so that nothing can be read behind them. */
  readonly values: Uint8Array;
}

function partsOf({ bytes, levels }: PageHeader, body: Buffer, codec: Codec, optional: boolean): PageParts {
  if (levels !== undefined) {
    const before = body.subarray(0, levels.bytes);
    const behind = body.subarray(levels.bytes);
    const size = bytes - levels.bytes;
    if (size < 0) throw new ParquetProblem(`a page of ${bytes} bytes with ${levels.bytes} bytes of levels`);
    const values = levels.compressed ? codec(behind, size) : Uint8Array.from(behind);
    return { levels: optional ? before : undefined, values };
  }
  const page = codec(body, bytes);
  if (!optional) return { levels: undefined, values: page };
  const whole = Buffer.from(page.buffer, page.byteOffset, page.length);
  const end = lengthBytes + (whole.length < lengthBytes ? Infinity : whole.readUInt32LE(0));
  if (end > whole.length) throw new ParquetProblem('a page that ends in its levels');
  return { levels: whole.subarray(lengthBytes, end), values: page.subarray(end) };
}

function decodePage(
  { count, encoding }: PageHeader,
  parts: PageParts,
  decoder: ValueDecoder,
): ArrayLike<unknown> {
  if (parts.levels === undefined) return decoder.decode(parts.values, encoding, count);
  const { marks, present } = readPresence(new Cursor(parts.levels), count);
  const values = decoder.decode(parts.values, encoding, present);
  if (present === count) return values;
  let place = 0;
  return Array.from(marks, (mark) => (mark === 1 ? values[place++] : null));
}
