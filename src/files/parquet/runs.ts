import { ParquetProblem } from './problem.js';
import type { Cursor } from './varint.js';

const widestBits = 24;

/** One run of the hybrid encoding: a value many times, or values bit by bit. */
export interface Run {
  readonly count: number;
  /** The value that is repeated, or undefined where values are packed. */
  readonly repeated: number | undefined;
  /** Where the values begin that are packed. */
  readonly packedAt: number;
}

/**
 * Walks over the runs of `count` integers in the hybrid of run lengths and packed bits.
 *
 * @param width bits of an integer, from 1
 * @throws OutOfBytes, ParquetProblem when the runs are not `count` integers: a decoder that trusts them would fill the memory
 */
export function* walkRuns(cursor: Cursor, width: number, count: number): Generator<Run, void, undefined> {
  if (width < 1 || width > widestBits) {
    throw new ParquetProblem(`integers of ${width} bits, expected 1 to ${widestBits}`);
  }
  for (let left = count; left > 0;) {
    const run = readRun(cursor, width);
    // Packed bits may be filled up to a whole number of groups, which their bytes bound.
    if (run.count === 0 || (run.repeated !== undefined && run.count > left)) {
      throw new ParquetProblem(`a run of ${run.count} integers where ${left} are left`);
    }
    const taken = Math.min(run.count, left);
    yield { ...run, count: taken };
    left -= taken;
  }
}

function readRun(cursor: Cursor, width: number): Run {
  const header = cursor.varint();
  if (header % 2 === 1) {
    const groups = (header - 1) / 2;
    const packedAt = cursor.at;
    cursor.skip(groups * width);
    return { count: groups * 8, repeated: undefined, packedAt };
  }
  let repeated = 0;
  for (let shift = 0; shift < width; shift += 8) repeated += cursor.byte() * 2 ** shift;
  return { count: header / 2, repeated, packedAt: cursor.at };
}

/**
 * Reads which of `count` values are there: levels of one bit each.
 *
 * @returns a byte for each value, 1 where it is there, and how many are
 * @throws OutOfBytes, ParquetProblem
 */
export function readPresence(cursor: Cursor, count: number): { marks: Uint8Array; present: number } {
  const marks = new Uint8Array(count);
  let at = 0;
  for (const run of walkRuns(cursor, 1, count)) {
    if (run.repeated !== undefined) marks.fill(run.repeated & 1, at, at + run.count);
    else for (let bit = 0; bit < run.count; bit++) marks[at + bit] = bitAt(cursor.bytes, run.packedAt, bit);
    at += run.count;
  }
  return { marks, present: marks.reduce((sum, mark) => sum + mark, 0) };
}

function bitAt(bytes: Buffer, start: number, bit: number): number {
  return (bytes.readUInt8(start + (bit >> 3)) >> (bit & 7)) & 1;
}
