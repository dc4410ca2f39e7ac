import { BackwardBits } from './backward-bits.js';
import { FseState, readTable, tableOf, tableOfOne, type FseTable } from './fse.js';
import { ZstdProblem } from './problem.js';

/** What a sequence consists of, in the order of their tables. */
const kinds = ['literals', 'offsets', 'matches'] as const;
type Kind = (typeof kinds)[number];

/** The tables of a block. */
export type SequenceTables = Readonly<Record<Kind, FseTable>>;

/** Where the sequences of a block lie, and how they are written. */
export interface SequencesHeader {
  readonly count: number;
  /** Absent where there is no sequence. */
  readonly tables: SequenceTables | undefined;
  /** The place behind the header, where the bits begin. */
  readonly end: number;
}

/** What codes stand for: a base and so many bits more. */
interface Codes {
  readonly bases: Uint32Array;
  readonly widths: Uint8Array;
}

/** Codes whose numbers begin at `base`: the first ones stand for one number each, the others have bits. */
function codes(first: number, base: number, widths: readonly number[]): Codes {
  const all = [...new Array<number>(first).fill(0), ...widths];
  let next = base;
  const bases = Uint32Array.from(all, (width) => {
    const own = next;
    next += 2 ** width;
    return own;
  });
  return { bases, widths: Uint8Array.from(all) };
}

/** RFC 8878, 3.1.1.3.2.1.1: the numbers of literals and the lengths of matches that codes stand for. */
const literalCodes = codes(16, 0, [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
const matchCodes = codes(32, 3, [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);

/** Code c stands for 2^c and c bits more. */
const offsetCodes = codes(
  0,
  1,
  Array.from({ length: 32 }, (_, code) => code),
);

const limits = {
  literals: { mostLog: 9, mostSymbol: literalCodes.bases.length - 1 },
  offsets: { mostLog: 8, mostSymbol: offsetCodes.bases.length - 1 },
  matches: { mostLog: 9, mostSymbol: matchCodes.bases.length - 1 },
} as const;

/** RFC 8878, 3.1.1.3.2.2: the tables that need not be written. */
const predefined: SequenceTables = {
  literals: tableOf(
    [
      4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1,
      -1, -1,
    ],
    6,
  ),
  offsets: tableOf(
    [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
    5,
  ),
  matches: tableOf(
    [
      ...[
        1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1,
      ],
      ...[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1],
    ],
    6,
  ),
};

/**
 * Reads the header of the sequences section (RFC 8878, 3.1.1.3.2.1).
 *
 * @param earlier tables of the last block that had sequences
 * @throws ZstdProblem
 */
export function readSequencesHeader(
  block: Uint8Array,
  start: number,
  earlier: SequenceTables | undefined,
): SequencesHeader {
  const { count, end: modesAt } = readCount(block, start);
  if (count === 0) return { count, tables: undefined, end: modesAt };
  const modes = byteAt(block, modesAt);
  if ((modes & 3) !== 0) throw new ZstdProblem('sequences of an unknown kind');
  let end = modesAt + 1;
  const tables = {} as Record<Kind, FseTable>;
  kinds.forEach((kind, place) => {
    const mode = (modes >> (6 - 2 * place)) & 3;
    if (mode === 0) tables[kind] = predefined[kind];
    else if (mode === 1) {
      const symbol = byteAt(block, end++);
      if (symbol > limits[kind].mostSymbol) throw new ZstdProblem('a code that there is not');
      tables[kind] = tableOfOne(symbol);
    } else if (mode === 2) ({ table: tables[kind], end } = readTable(block, end, limits[kind]));
    else if (earlier === undefined) throw new ZstdProblem('sequences that need a table of an earlier block');
    else tables[kind] = earlier[kind];
  });
  return { count, tables, end };
}

function readCount(block: Uint8Array, start: number): { readonly count: number; readonly end: number } {
  const head = byteAt(block, start);
  if (head < 128) return { count: head, end: start + 1 };
  const second = byteAt(block, start + 1);
  if (head < 255) return { count: ((head - 128) << 8) + second, end: start + 2 };
  return { count: second + (byteAt(block, start + 2) << 8) + 0x7f00, end: start + 3 };
}

/** A number of literals, and then a copy of what came before. */
export interface Sequence {
  literals: number;
  /** As it is written: 1 to 3 stand for earlier offsets, what is above for itself plus 3. */
  offset: number;
  match: number;
}

/**
 * Decodes sequences one by one (RFC 8878, 3.1.1.3.2.1.2).
 *
 * @param take gets each, in an object that is used again
 * @throws ZstdProblem when the bits are not used up by the last one; what `take` throws
 */
export function decodeSequences(
  bytes: Uint8Array,
  count: number,
  tables: SequenceTables,
  take: (sequence: Sequence) => void,
): void {
  const bits = new BackwardBits(bytes);
  const literals = new FseState(tables.literals, bits);
  const offsets = new FseState(tables.offsets, bits);
  const matches = new FseState(tables.matches, bits);
  const sequence: Sequence = { literals: 0, offset: 0, match: 0 };
  for (let left = count; left > 0; left--) {
    sequence.offset = numberOf(offsetCodes, offsets.symbol, bits);
    sequence.match = numberOf(matchCodes, matches.symbol, bits);
    sequence.literals = numberOf(literalCodes, literals.symbol, bits);
    if (left > 1) {
      literals.advance(bits);
      matches.advance(bits);
      offsets.advance(bits);
    }
    if (bits.left < 0) throw new ZstdProblem('sequences that are cut off');
    take(sequence);
  }
  if (bits.left !== 0) throw new ZstdProblem('more bits than the sequences have');
}

function numberOf({ bases, widths }: Codes, code: number, bits: BackwardBits): number {
  return (bases[code] ?? 0) + bits.read(widths[code] ?? 0);
}

function byteAt(block: Uint8Array, place: number): number {
  const byte = block[place];
  if (byte === undefined) throw new ZstdProblem('a block that is cut off');
  return byte;
}
