import { isUtf8 } from 'node:buffer';
import { readBytes } from './bytes.js';
import { withLineFeeds } from './line-ends.js';
import { lengthOfMark } from './start.js';
import { decodeWindows1252 } from './windows-1252.js';

/** One line of a text file, without its line break; numbered from 1. */
export type Line =
  { readonly number: number; readonly text: string } | { readonly number: number; readonly problem: string };

/** How the bytes of a text stand for characters. */
export type CharacterEncoding = 'utf-8' | 'windows-1252';

/** Longest line that is read; a file without line breaks would otherwise fill the memory. */
export const longestLineBytes = 1 << 20;

/** The problem of a longer one. */
export const lineTooLong = `longer than ${longestLineBytes} bytes`;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Reads a text file line by line in constant memory, as {@link linesOf} does; gzip and zstd are decompressed.
 *
 * @param options.encoding 'utf-8' unless said otherwise
 * @throws AdvError, while iterating, DATA_MISSING when the file cannot be read, DATA_MALFORMED when it is compressed and damaged, is no
 * text or has lines that end with CR alone, INTERRUPTED soon after the signal has fired
 */
export function readLines(
  file: string,
  options: {
    readonly encoding?: CharacterEncoding | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): AsyncGenerator<Line, void, undefined> {
  return linesOf(withLineFeeds(readBytes(file, options.signal), file), options.encoding);
}

/**
 * Splits bytes into lines in constant memory. Lines end with LF or CRLF, in every encoding and with nothing else; the last
 * one may lack its line break; a UTF-8 byte order mark at the start is dropped. A line that is not in the encoding, has a NUL character, or is
 * longer than {@link longestLineBytes}, comes with a `problem` in place of its text, and reading goes on.
 */
export async function* linesOf(
  stream: AsyncIterable<Buffer>,
  encoding: CharacterEncoding = 'utf-8',
): AsyncGenerator<Line, void, undefined> {
  const splitter = new LineSplitter();
  let number = 0;
  for await (const chunk of stream) {
    for (const line of splitter.push(chunk)) yield lineOf(line, ++number, encoding);
  }
  for (const line of splitter.finish()) yield lineOf(line, ++number, encoding);
}

/** True for UTF-8 without NUL, which is valid there, but where it stands the text is mostly UTF-16, or none. */
export function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

/** How the problem of bytes in another encoding begins. */
export const invalidUtf8 = 'invalid UTF-8 at byte';

/**
 * What is wrong with bytes that are no {@link isText text}, with the place of the first wrong one, from 1.
 *
 * @param unit what they are, in words: "line"
 */
export function problemOfText(bytes: Buffer, unit: string): string {
  if (!isUtf8(bytes)) return `${invalidUtf8} ${firstInvalidByte(bytes)} of the ${unit}`;
  return `a NUL character at byte ${bytes.indexOf(0) + 1} of the ${unit}, as in UTF-16`;
}

/**
 * Cuts chunks into lines, each with the line feed that ends it; undefined stands for one that is longer than {@link longestLineBytes}, which
 * is not kept.
 */
export class LineSplitter {
  /** What has come of a line whose end has not. */
  #pieces: Buffer[] = [];
  #bytes = 0;

  /** The lines that end in a chunk. */
  push(chunk: Buffer): (Buffer | undefined)[] {
    const lines: (Buffer | undefined)[] = [];
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      this.#append(chunk.subarray(start, end + 1));
      lines.push(this.#take(longestLineBytes + 1));
      start = end + 1;
    }
    this.#append(chunk.subarray(start));
    return lines;
  }

  /** The last line, where it lacks its line feed. */
  finish(): (Buffer | undefined)[] {
    return this.#bytes > 0 ? [this.#take(longestLineBytes)] : [];
  }

  #append(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > longestLineBytes + 1) this.#pieces = [];
    else if (piece.length > 0) this.#pieces.push(piece);
  }

  #take(most: number): Buffer | undefined {
    const [pieces, bytes] = [this.#pieces, this.#bytes];
    this.#pieces = [];
    this.#bytes = 0;
    if (bytes > most) return undefined;
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }
}

/** @param bytes the line with its line break */
function lineOf(bytes: Buffer | undefined, number: number, encoding: CharacterEncoding): Line {
  if (bytes === undefined) return { number, problem: lineTooLong };
  const feed = bytes.at(-1) === lineFeed ? bytes.length - 1 : bytes.length;
  const end = bytes[feed - 1] === carriageReturn ? feed - 1 : feed;
  if (encoding === 'windows-1252') return { number, text: decodeWindows1252(bytes.subarray(0, end)) };
  if (!isText(bytes)) return { number, problem: problemOfText(bytes.subarray(0, feed), 'line') };
  return { number, text: bytes.toString('utf8', number === 1 ? lengthOfMark(bytes) : 0, end) };
}

/** Place, from 1, of the first byte that no valid UTF-8 text goes on with, by bisection over prefixes. */
function firstInvalidByte(bytes: Buffer): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isValidStart(bytes.subarray(0, middle))) valid = middle;
    else invalid = middle;
  }
  return invalid;
}

/** True for UTF-8 whose last character may be cut off. */
function isValidStart(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
