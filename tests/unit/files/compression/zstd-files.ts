import { readFileSync } from 'node:fs';
import { Random } from '../../../../src/base/random.js';
import { hasZstd } from '../../../../src/files/compression/zstd.js';

/** What needs zstd, for a list of what is tested: nothing on a Node that has none. */
export function ifZstd<const Items extends readonly unknown[]>(...items: Items): Items | [] {
  return hasZstd ? items : [];
}

/** A zstd frame that stores bytes as they are in blocks: a window of 128 KiB, the size, no checksum. */
export function storedZstd(bytes: Buffer): Buffer {
  const parts = [Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0xc0, 7 << 3), sizeOf(bytes)];
  const blocks = Math.max(Math.ceil(bytes.length / blockBytes), 1);
  for (let block = 0; block < blocks; block++) {
    const content = bytes.subarray(block * blockBytes, (block + 1) * blockBytes);
    const last = block === blocks - 1 ? 1 : 0;
    const blockHeader = Buffer.alloc(3);
    blockHeader.writeUIntLE((content.length << 3) | last, 0, 3);
    parts.push(blockHeader, content);
  }
  return Buffer.concat(parts);
}

const blockBytes = 1 << 17;

function sizeOf({ length }: Buffer): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length));
  return size;
}

/** A frame that says how many bytes to skip. */
export function skippableZstd(length: number): Buffer {
  const frame = Buffer.alloc(8 + length, 7);
  frame.writeUInt32LE(0x184d2a53);
  frame.writeUInt32LE(length, 4);
  return frame;
}

/** Lines of text and label, of more than one block of zstd. */
export const zstdLines = Array.from(
  { length: 6000 },
  (_, line) => `text ${(line * line) % 1009} of some words\tlabel${line % 3}\n`,
).join('');

/** {@link zstdLines} as `zstd -19` compresses them: one frame with its size and a checksum. */
export const zstdOfLines = readFileSync(new URL('zstd/lines.tsv.zst', import.meta.url));

/** The first lines of {@link zstdLines}, and how `zstd -19` compresses them. */
export const fewLines = zstdLines
  .split(/(?<=\n)/)
  .slice(0, 400)
  .join('');
export const zstdOfFewLines = readFileSync(new URL('zstd/few-lines.tsv.zst', import.meta.url));

const random = new Random(1, 'zstd');
const letters = (count: number, alphabet: string): string =>
  Array.from({ length: count }, () => alphabet.charAt(random.below(alphabet.length))).join('');
const line = 'a line that comes again and again, with something else in between; '.repeat(6);

/** Bytes for which the program uses what RFC 8878 has and lines of text don't need: a frame each. */
export const zstdVaried = [
  letters(700, 'abcdefgh'),
  letters(700, 'abcdefgh'),
  letters(3000, 'aaaabbcd'),
  letters(500, '\0\u0001\u0002\u0003'),
  letters(60, 'abcdefghijklmn'),
  Array.from({ length: 600 }, (_, place) => `xxxxxxxx${String.fromCharCode(97 + (place % 26))}`).join(''),
  '\0'.repeat(300_000),
  `${'q'.repeat(50)}xyz`,
  'a'.repeat(40) + letters(40, 'abc') + 'a'.repeat(40),
  Array.from(
    { length: 700 },
    () => line.slice(0, 300 + random.below(100)) + letters(5 + random.below(6), 'abcdefgh'),
  ).join(''),
  String.fromCharCode(...Array.from({ length: 300 }, () => random.below(256))),
].map((text) => Buffer.from(text, 'latin1'));

/** The frames of {@link zstdVaried}, one behind the other. */
export const zstdOfVaried = readFileSync(new URL('zstd/varied.zst', import.meta.url));
