import { at } from '../../../base/at.js';
import type { BackwardBits } from './backward-bits.js';
import { ZstdProblem } from './problem.js';

/** A decoding table of finite state entropy: what each state stands for, and how the next one follows from it. */
export interface FseTable {
  /** Bits of a state: there are 2^log of them. */
  readonly log: number;
  readonly symbols: Uint8Array;
  /** Bits to read for the next state, and the number that is added to them. */
  readonly bits: Uint8Array;
  readonly bases: Uint16Array;
}

/** A table as it is written, and the place behind it. */
export interface WrittenTable {
  readonly table: FseTable;
  readonly end: number;
}

/** What a table may be like. */
export interface FseLimits {
  readonly mostLog: number;
  readonly mostSymbol: number;
}

/**
 * Reads the counts of a table (RFC 8878, 4.1.1) and makes the table.
 *
 * @throws ZstdProblem when they are none
 */
export function readTable(
  bytes: Uint8Array,
  start: number,
  { mostLog, mostSymbol }: FseLimits,
): WrittenTable {
  const bits = new ForwardBits(bytes, start);
  const log = bits.read(4) + 5;
  if (log > mostLog) throw new ZstdProblem(`a table of 2^${log} states, which is above 2^${mostLog}`);
  const counts = new Array<number>(mostSymbol + 1).fill(0);
  let symbol = 0;
  for (let left = 1 << log; left > 0;) {
    if (symbol > mostSymbol) throw new ZstdProblem('a table with a symbol that there is not');
    const count = readCount(bits, left);
    counts[symbol] = count;
    symbol += count === 0 ? 1 + readZeros(bits) : 1;
    // −1 stands for a symbol that is rarer than once in a table, and has one state all the same.
    left -= Math.abs(count);
  }
  return { table: tableOf(counts, log), end: bits.end() };
}

/** A count between −1 and `left`; the smaller half of its codes takes a bit less. */
function readCount(bits: ForwardBits, left: number): number {
  const width = 32 - Math.clz32(left + 1);
  const short = 2 ** width - 2 - left;
  const low = bits.read(width - 1);
  if (low < short) return low - 1;
  const code = low + bits.read(1) * 2 ** (width - 1);
  return (code < 2 ** (width - 1) ? code : code - short) - 1;
}

/** Further symbols that do not occur: two bits at a time, of which three say that more follow. */
function readZeros(bits: ForwardBits): number {
  let zeros = 0;
  for (;;) {
    const more = bits.read(2);
    zeros += more;
    if (more < 3) return zeros;
  }
}

/**
 * The table of counts that sum up to 2^log, −1 counted as 1 (RFC 8878, 4.1.1): rare symbols from the end, the others spread
 * over the rest.
 */
export function tableOf(counts: readonly number[], log: number): FseTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  let free = size;
  counts.forEach((count, symbol) => {
    if (count === -1) symbols[--free] = symbol;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let place = 0;
  counts.forEach((count, symbol) => {
    for (let state = 0; state < count; state++) {
      symbols[place] = symbol;
      // A step that has no divisor in common with the size: it comes by every place.
      do place = (place + step) & (size - 1);
      while (place >= free);
    }
  });
  const bits = new Uint8Array(size);
  const bases = new Uint16Array(size);
  const next = counts.map(Math.abs);
  symbols.forEach((symbol, state) => {
    const number = at(next, symbol);
    next[symbol] = number + 1;
    const width = log - (31 - Math.clz32(number));
    bits[state] = width;
    bases[state] = (number << width) - size;
  });
  return { log, symbols, bits, bases };
}

/** The table of a single symbol, which takes no bits. */
export function tableOfOne(symbol: number): FseTable {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), bases: new Uint16Array(1) };
}

/** Where the decoding of one kind of symbols stands. */
export class FseState {
  readonly #table: FseTable;
  #state: number;

  constructor(table: FseTable, bits: BackwardBits) {
    this.#table = table;
    this.#state = bits.read(table.log);
  }

  get symbol(): number {
    return this.#table.symbols[this.#state] ?? 0;
  }

  advance(bits: BackwardBits): void {
    const { bits: widths, bases } = this.#table;
    this.#state = (bases[this.#state] ?? 0) + bits.read(widths[this.#state] ?? 0);
  }
}

/** Bits that are read from the start, the lowest of a byte first. */
class ForwardBits {
  readonly #bytes: Uint8Array;
  #place: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#place = 8 * start;
  }

  /** @throws ZstdProblem when there are not as many */
  read(count: number): number {
    let value = 0;
    for (let bit = 0; bit < count; bit++, this.#place++) {
      const byte = this.#bytes[this.#place >> 3];
      if (byte === undefined) throw new ZstdProblem('a table that is cut off');
      value |= ((byte >> (this.#place & 7)) & 1) << bit;
    }
    return value;
  }

  /** The first byte of which nothing was read. */
  end(): number {
    return (this.#place + 7) >> 3;
  }
}
