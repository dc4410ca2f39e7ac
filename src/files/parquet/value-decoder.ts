import { isUtf8 } from 'node:buffer';
import type { DecodedArray, Encoding, SchemaTree } from 'hyparquet';
import { readPage } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { walkDeltas } from './deltas.js';
import { ParquetProblem } from './problem.js';
import { walkRuns } from './runs.js';
import { invalidText } from '../values.js';
import { Cursor } from './varint.js';

type HyparquetDecoder = Parameters<typeof readPage>[2];

/** Bytes that say how many bytes of runs follow. */
const lengthBytes = 4;
const mostValueBytes = 1 << 29;

/**
 * Decodes the values of a column with hyparquet, once it has made sure that they can be decoded: hyparquet trusts counts
 * and lengths, and damaged ones would fill the memory or never end.
 */
export class ValueDecoder {
  readonly #decoder: HyparquetDecoder;
  #dictionary: DecodedArray | undefined;

  /** @param node the column's place in the schema; it is flat */
  constructor({ element, path }: SchemaTree) {
    const { type } = element;
    if (type === undefined) throw new ParquetProblem('a column without a type');
    // Which values are missing is known before, so that to hyparquet none is.
    const required = { ...element, repetition_type: 'REQUIRED' as const };
    const leaf = { children: [], count: 1, element: required, path };
    const root = { children: [leaf], count: 2, element: { name: 'root' }, path: [] };
    this.#decoder = {
      pathInSchema: path,
      type,
      element: required,
      schemaPath: [root, leaf],
      codec: 'UNCOMPRESSED',
      parsers: { ...DEFAULT_PARSERS, stringFromBytes: textFromBytes, jsonFromBytes: textFromBytes },
    };
  }

  /** Takes the values that pages refer to from now on. */
  takeDictionary(bytes: Uint8Array, count: number): void {
    requireRoom(bytes, count);
    const header = {
      ...pageOf('DICTIONARY_PAGE', bytes),
      dictionary_page_header: { num_values: count, encoding: 'PLAIN' as const },
    };
    const { data } = readPage(readerOf(bytes), header, this.#decoder, undefined, undefined, 0);
    this.#dictionary = convert(data ?? [], this.#decoder);
  }

  /**
   * Decodes a page.
   *
   * @param bytes they end where their memory does
   */
  decode(bytes: Uint8Array, encoding: Encoding, count: number): ArrayLike<unknown> {
    if (count === 0) return [];
    this.#check(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), encoding, count);
    const levels = { definition_level_encoding: 'RLE', repetition_level_encoding: 'RLE' } as const;
    const header = {
      ...pageOf('DATA_PAGE', bytes),
      data_page_header: { num_values: count, encoding, ...levels },
    };
    const { data } = readPage(readerOf(bytes), header, this.#decoder, this.#dictionary, undefined, 0);
    if (data?.length !== count)
      throw new ParquetProblem(`${data?.length ?? 0} values where the page has ${count}`);
    if (Array.isArray(data) && data.includes(undefined))
      throw new ParquetProblem('a value that its dictionary lacks');
    return data;
  }

  #check(bytes: Buffer, encoding: Encoding, count: number): void {
    const cursor = new Cursor(bytes);
    const { type } = this.#decoder;
    switch (encoding) {
      case 'PLAIN':
      case 'BYTE_STREAM_SPLIT':
        requireRoom(bytes, count);
        return;
      case 'PLAIN_DICTIONARY':
      case 'RLE_DICTIONARY': {
        if (!this.#dictionary?.length) throw new ParquetProblem('a page that needs a dictionary before it');
        const width = cursor.byte();
        if (width > 0) passOver(walkRuns(cursor, width, count));
        return;
      }
      case 'RLE':
        if (type !== 'BOOLEAN') break;
        cursor.skip(lengthBytes);
        passOver(walkRuns(cursor, 1, count));
        return;
      case 'DELTA_BINARY_PACKED':
        if (type !== 'INT32' && type !== 'INT64') break;
        walkDeltas(cursor, count);
        return;
      case 'DELTA_LENGTH_BYTE_ARRAY':
        if (type !== 'BYTE_ARRAY') break;
        walkDeltas(cursor, count);
        return;
      case 'DELTA_BYTE_ARRAY':
        if (type !== 'BYTE_ARRAY') break;
        requirePrefixes(cursor, count);
        return;
    }
    throw new ParquetProblem(`values of the type ${type} in the encoding ${encoding}`);
  }
}

/** A value takes a bit or more. */
function requireRoom(bytes: Uint8Array, count: number): void {
  if (count > bytes.length * 8) throw new ParquetProblem(`${count} values in ${bytes.length} bytes`);
}

/** Texts that begin like the one before must not begin like more than it has. */
function requirePrefixes(cursor: Cursor, count: number): void {
  const prefixes = unpack(cursor, count);
  const suffixes = unpack(cursor, count);
  let before = 0;
  let all = 0;
  for (let place = 0; place < count; place++) {
    const prefix = prefixes[place] ?? 0;
    const length = prefix + (suffixes[place] ?? 0);
    if (prefix < 0 || prefix > before || length < prefix)
      throw new ParquetProblem('a text with a wrong length');
    before = length;
    all += length;
  }
  if (all > mostValueBytes) throw new ParquetProblem(`a page with ${all} bytes of text`);
}

function unpack(cursor: Cursor, count: number): Int32Array {
  const { bytes, at } = cursor;
  walkDeltas(cursor, count);
  const values = new Int32Array(count);
  deltaBinaryUnpack(readerOf(bytes.subarray(at)), count, values);
  return values;
}

function passOver(items: Iterator<unknown>): void {
  while (!items.next().done);
}

function readerOf({ buffer, byteOffset, length }: Uint8Array): { view: DataView; offset: number } {
  return { view: new DataView(buffer, byteOffset, length), offset: 0 };
}

function pageOf<Type extends string>(
  type: Type,
  { length }: Uint8Array,
): { type: Type; uncompressed_page_size: number; compressed_page_size: number } {
  return { type, uncompressed_page_size: length, compressed_page_size: length };
}

/** The text of some bytes, or {@link invalidText} where they are not UTF-8. */
function textFromBytes(bytes: Uint8Array): string | typeof invalidText {
  if (!isUtf8(bytes)) return invalidText;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
