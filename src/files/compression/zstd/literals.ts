import { decodeHuffman, readHuffmanTable, type HuffmanTable } from './huffman.js';
import { ZstdProblem } from './problem.js';

/** Literals of a block, and what the next block and the rest of this one need to know. */
export interface Literals {
  readonly bytes: Uint8Array;
  /** The place in the block behind them. */
  readonly end: number;
  /** Of this block or an earlier one. */
  readonly table: HuffmanTable | undefined;
}

/**
 * Reads the literals section at the start of a block (RFC 8878, 3.1.1.3.1).
 *
 * @param most literals that there may be
 * @param table of the last block that had one
 * @throws ZstdProblem
 */
export function readLiterals(block: Uint8Array, most: number, table: HuffmanTable | undefined): Literals {
  const head = block[0] ?? 0;
  const type = head & 3;
  const { size, packed, streams, end: start } = readSizes(block, type >= 2, (head >> 2) & 3);
  if (size > most) throw new ZstdProblem(`${size} literals, which is above ${most}`);
  const end = start + (type === 0 ? size : type === 1 ? 1 : packed);
  if (end > block.length) throw new ZstdProblem('literals that are cut off');
  const written = block.subarray(start, end);
  switch (type) {
    case 0:
      return { bytes: written, end, table };
    case 1:
      return { bytes: new Uint8Array(size).fill(written[0] ?? 0), end, table };
    case 2: {
      const own = readHuffmanTable(written, 0);
      return { bytes: decode(written.subarray(own.end), own.table, streams, size), end, table: own.table };
    }
    default:
      if (table === undefined) throw new ZstdProblem('literals that need the table of an earlier block');
      return { bytes: decode(written, table, streams, size), end, table };
  }
}

interface Sizes {
  /** Number of literals. */
  readonly size: number;
  /** Bytes that they take where they are compressed. */
  readonly packed: number;
  readonly streams: 1 | 4;
  /** The place behind the header. */
  readonly end: number;
}

/** Sizes lie behind the two bits of the type and the one or two of the format, the lowest bit first. */
function readSizes(block: Uint8Array, compressed: boolean, format: number): Sizes {
  // For literals as they are, a format of one bit leaves the other one to the size.
  const headerBytes = compressed ? ([3, 3, 4, 5][format] ?? 5) : ([1, 2, 1, 3][format] ?? 3);
  if (headerBytes > block.length) throw new ZstdProblem('a block that is cut off');
  let header = 0;
  for (let place = headerBytes - 1; place >= 0; place--) header = header * 256 + (block[place] ?? 0);
  if (!compressed) {
    const size = Math.floor(header / (headerBytes === 1 ? 8 : 16));
    return { size, packed: 0, streams: 1, end: headerBytes };
  }
  const width = 2 ** ([10, 10, 14, 18][format] ?? 18);
  const sizes = Math.floor(header / 16);
  return {
    size: sizes % width,
    packed: Math.floor(sizes / width),
    streams: format === 0 ? 1 : 4,
    end: headerBytes,
  };
}

/** Bytes of the three lengths before four streams. */
const jumpBytes = 6;

function decode(bytes: Uint8Array, table: HuffmanTable, streams: 1 | 4, size: number): Uint8Array {
  const output = new Uint8Array(size);
  if (streams === 1) {
    decodeHuffman(bytes, table, output);
    return output;
  }
  const part = (size + 3) >> 2;
  let start = jumpBytes;
  for (let stream = 0; stream < streams; stream++) {
    const length = (bytes[2 * stream] ?? 0) + 256 * (bytes[2 * stream + 1] ?? 0);
    const end = stream === streams - 1 ? bytes.length : start + length;
    if (end > bytes.length || start > end) throw new ZstdProblem('literals that are cut off');
    const last = stream === streams - 1 ? size : (stream + 1) * part;
    decodeHuffman(bytes.subarray(start, end), table, output.subarray(stream * part, last));
    start = end;
  }
  return output;
}
