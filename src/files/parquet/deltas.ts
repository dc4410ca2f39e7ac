import { ParquetProblem } from './problem.js';
import type { Cursor } from './varint.js';

const largestBlock = 1 << 20;
const widestBits = 64;

/**
 * Walks over `count` integers that are stored as differences (DELTA_BINARY_PACKED).
 *
 * @throws OutOfBytes, ParquetProblem when they are not `count` integers, so that a decoder may trust them
 */
export function walkDeltas(cursor: Cursor, count: number): void {
  const block = cursor.varint();
  const parts = cursor.varint();
  const total = cursor.varint();
  cursor.varint();
  const perPart = block / parts;
  if (!(block > 0 && block <= largestBlock && Number.isInteger(perPart) && perPart % 8 === 0)) {
    throw new ParquetProblem(`blocks of ${block} integers in ${parts} parts`);
  }
  if (total !== count) throw new ParquetProblem(`${total} integers where the page has ${count}`);
  for (let left = count - 1; left > 0;) {
    cursor.varint();
    const widthsAt = cursor.at;
    cursor.skip(parts);
    for (let part = 0; part < parts && left > 0; part++, left -= perPart) {
      const width = cursor.bytes.readUInt8(widthsAt + part);
      if (width > widestBits) throw new ParquetProblem(`differences of ${width} bits`);
      cursor.skip((perPart * width) / 8);
    }
  }
}
