import { BackwardBits } from './backward-bits.js';
import { FseState, readTable } from './fse.js';
import { ZstdProblem } from './problem.js';

/** Bits of the longest code. */
const mostBits = 11;
/** The last weight follows from the others, so that it is not among them. */
const mostWeights = 255;
const limits = { mostLog: 6, mostSymbol: mostBits };

/** A decoding table of Huffman codes: what the next bits stand for, and how many of them are the code. */
export interface HuffmanTable {
  /** Bits to look at. */
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
}

/**
 * Reads the description of a table (RFC 8878, 4.2.1).
 *
 * @returns the table and the place behind its description
 * @throws ZstdProblem when it is none
 */
export function readHuffmanTable(
  bytes: Uint8Array,
  start: number,
): { readonly table: HuffmanTable; readonly end: number } {
  const head = bytes[start];
  if (head === undefined) throw new ZstdProblem('literals that are cut off');
  const end = start + 1 + (head < 128 ? head : (head - 126) >> 1);
  if (end > bytes.length) throw new ZstdProblem('weights that are cut off');
  const written = bytes.subarray(start + 1, end);
  return { table: tableOf(head < 128 ? compressedWeights(written) : plainWeights(written, head - 127)), end };
}

/** Four bits each, the higher ones first. */
function plainWeights(bytes: Uint8Array, count: number): number[] {
  return Array.from({ length: count }, (_, place) => {
    const byte = bytes[place >> 1] ?? 0;
    return place % 2 === 0 ? byte >> 4 : byte & 15;
  });
}

/** Two states in turn, until the bits are used up. */
function compressedWeights(bytes: Uint8Array): number[] {
  const { table, end } = readTable(bytes, 0, limits);
  const bits = new BackwardBits(bytes.subarray(end));
  let [turn, other] = [new FseState(table, bits), new FseState(table, bits)];
  const weights: number[] = [];
  // A table of one weight uses up no bits: without a limit it would never end.
  while (weights.length < mostWeights) {
    weights.push(turn.symbol);
    turn.advance(bits);
    if (bits.left < 0) return [...weights, other.symbol];
    [turn, other] = [other, turn];
  }
  throw new ZstdProblem(`more than ${mostWeights} weights`);
}

/** A symbol of weight w > 0 has 2^(w − 1) of the 2^log codes; codes begin with the smallest weight. */
function tableOf(weights: number[]): HuffmanTable {
  if (weights.length > mostWeights) throw new ZstdProblem(`more than ${mostWeights} weights`);
  const sum = weights.reduce((total, weight) => total + sharesOf(weight), 0);
  const log = 32 - Math.clz32(sum);
  const rest = 2 ** log - sum;
  if (sum === 0 || log > mostBits || (rest & (rest - 1)) !== 0)
    throw new ZstdProblem('weights of no Huffman code');
  weights.push(32 - Math.clz32(rest));
  const symbols = new Uint8Array(2 ** log);
  const bits = new Uint8Array(2 ** log);
  let place = 0;
  for (let weight = 1; weight <= log; weight++) {
    weights.forEach((one, symbol) => {
      if (one !== weight) return;
      const end = place + sharesOf(weight);
      symbols.fill(symbol, place, end);
      bits.fill(log + 1 - weight, place, end);
      place = end;
    });
  }
  return { log, symbols, bits };
}

function sharesOf(weight: number): number {
  return weight === 0 ? 0 : 2 ** (weight - 1);
}

/**
 * Decodes one stream of codes (RFC 8878, 4.2.2) that fills `output` and ends with it.
 *
 * @throws ZstdProblem when it does not
 */
export function decodeHuffman(
  bytes: Uint8Array,
  { log, symbols, bits }: HuffmanTable,
  output: Uint8Array,
): void {
  const stream = new BackwardBits(bytes);
  for (let place = 0; place < output.length; place++) {
    const next = stream.peek(log);
    output[place] = symbols[next] ?? 0;
    stream.skip(bits[next] ?? 0);
  }
  if (stream.left !== 0) throw new ZstdProblem('literals of another number than the header says');
}
