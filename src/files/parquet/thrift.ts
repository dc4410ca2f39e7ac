import { ParquetProblem } from './problem.js';
import type { Cursor } from './varint.js';

/** Integers and structures of a structure, by field number: all that a page header needs. */
export interface ThriftStruct {
  readonly integers: ReadonlyMap<number, number>;
  readonly structs: ReadonlyMap<number, ThriftStruct>;
  readonly booleans: ReadonlyMap<number, boolean>;
}

const deepest = 32;

const [stop, yes, no, byte, i16, i32, i64, double, binary, list, struct] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12,
] as const;

/**
 * Reads a structure of Thrift's compact protocol and holds it to its bytes: lengths and counts beyond what is left, deep
 * nesting and endless integers are refused, which makes damaged bytes fail in the time that it takes to read them.
 *
 * @throws OutOfBytes where they end too early, ParquetProblem where they can't be right
 */
export function readStruct(cursor: Cursor, depth = 0): ThriftStruct {
  if (depth > deepest) throw new ParquetProblem('structures too deep in each other');
  const integers = new Map<number, number>();
  const structs = new Map<number, ThriftStruct>();
  const booleans = new Map<number, boolean>();
  for (let field = 0; ;) {
    const header = cursor.byte();
    const type = header & 0x0f;
    if (type === stop) return { integers, structs, booleans };
    field = header >> 4 === 0 ? cursor.zigzag() : field + (header >> 4);
    if (type === i16 || type === i32 || type === i64) integers.set(field, cursor.zigzag());
    else if (type === struct) structs.set(field, readStruct(cursor, depth + 1));
    else if (type === yes || type === no) booleans.set(field, type === yes);
    else skipValue(cursor, type, depth);
  }
}

/** Passes over a value, or an element of a list, where a boolean takes a byte. */
function skipValue(cursor: Cursor, type: number, depth: number): void {
  switch (type) {
    case yes:
    case no:
    case byte:
      cursor.skip(1);
      return;
    case i16:
    case i32:
    case i64:
      cursor.varint();
      return;
    case double:
      cursor.skip(8);
      return;
    case binary:
      cursor.skip(cursor.varint());
      return;
    case list:
      skipList(cursor, depth + 1);
      return;
    case struct:
      readStruct(cursor, depth + 1);
      return;
    default:
      throw new ParquetProblem(`a value of the unknown type ${type}`);
  }
}

function skipList(cursor: Cursor, depth: number): void {
  if (depth > deepest) throw new ParquetProblem('lists too deep in each other');
  const header = cursor.byte();
  const count = header >> 4 === 15 ? cursor.varint() : header >> 4;
  // Every element takes a byte or more.
  if (count > cursor.left) throw new ParquetProblem(`a list of ${count} elements in ${cursor.left} bytes`);
  for (let element = 0; element < count; element++) skipValue(cursor, header & 0x0f, depth);
}
