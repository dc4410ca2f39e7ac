import { Encodings, PageTypes } from 'hyparquet/src/constants.js';
import type { Encoding, PageType } from 'hyparquet';
import { ParquetProblem } from './problem.js';
import { readStruct, type ThriftStruct } from './thrift.js';
import type { Cursor } from './varint.js';

/** What a page's header says. */
export interface PageHeader {
  readonly type: PageType;
  /** Bytes of the page behind the header, as they lie and decompressed. */
  readonly compressedBytes: number;
  readonly bytes: number;
  /** CRC-32 of the page as it lies, where the header has it. */
  readonly checksum: number | undefined;
  /** Values in it, with nulls; entries of a dictionary. */
  readonly count: number;
  readonly encoding: Encoding;
  /** Set for a page of version 2, whose levels lie before what is compressed. */
  readonly levels: { readonly bytes: number; readonly compressed: boolean } | undefined;
}

/**
 * Reads the header of a page.
 *
 * @throws OutOfBytes where the bytes end too early, ParquetProblem where they can't be right
 */
export function readPageHeader(cursor: Cursor): PageHeader {
  const header = readStruct(cursor);
  const type = PageTypes[integer(header, 1)];
  const sizes = {
    bytes: size(header, 2),
    compressedBytes: size(header, 3),
    checksum: header.integers.get(4),
  };
  switch (type) {
    case 'INDEX_PAGE':
      return { type, ...sizes, count: 0, encoding: 'PLAIN', levels: undefined };
    case 'DATA_PAGE': {
      const details = within(header, 5);
      requireRunLengths(details);
      return { type, ...sizes, ...contentOf(details, 2), levels: undefined };
    }
    case 'DICTIONARY_PAGE':
      return { type, ...sizes, ...contentOf(within(header, 7), 2), levels: undefined };
    case 'DATA_PAGE_V2': {
      const details = within(header, 8);
      const levels = { bytes: size(details, 5), compressed: details.booleans.get(7) ?? true };
      if (size(details, 6) > 0) throw new ParquetProblem('a page with lists in it');
      return { type, ...sizes, ...contentOf(details, 4), levels };
    }
    default:
      throw new ParquetProblem('a page of an unknown type');
  }
}

function contentOf(details: ThriftStruct, field: number): Pick<PageHeader, 'count' | 'encoding'> {
  const encoding = Encodings[integer(details, field)];
  if (encoding === undefined) throw new ParquetProblem('values in an unknown encoding');
  return { count: size(details, 1), encoding };
}

function requireRunLengths(details: ThriftStruct): void {
  const encoding = Encodings[integer(details, 3)];
  if (encoding !== 'RLE') throw new ParquetProblem(`levels in the encoding ${encoding ?? 'unknown'}`);
}

function within(struct: ThriftStruct, field: number): ThriftStruct {
  const inner = struct.structs.get(field);
  if (inner === undefined) throw new ParquetProblem(`a page header without field ${field}`);
  return inner;
}

function integer(struct: ThriftStruct, field: number): number {
  const value = struct.integers.get(field);
  if (value === undefined) throw new ParquetProblem(`a page header without field ${field}`);
  return value;
}

function size(struct: ThriftStruct, field: number): number {
  const value = integer(struct, field);
  if (value >= 0 && value <= 0x7fff_ffff) return value;
  throw new ParquetProblem(`a page header with the size ${value}`);
}
