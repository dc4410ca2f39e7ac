import { longestLineBytes } from './lines.js';

/** An element of a JSON array as it lies in the file, white space around it included. */
export interface JsonElement {
  /** Its place in the array, from 1. */
  readonly number: number;
  /** Line on which it begins. */
  readonly line: number;
  /** Undefined when it is longer than {@link longestLineBytes}. */
  readonly bytes: Buffer | undefined;
}

/** How an array ended, or why it did not. */
export type ArrayEnd = 'closed' | 'followed by something else' | 'not closed';

const [tab, lineFeed, carriageReturn, space] = [0x09, 0x0a, 0x0d, 0x20];
const [quote, comma, backslash] = [0x22, 0x2c, 0x5c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Finds where the elements of a JSON array end: at commas that are in no string and in no inner array or object. It judges no
 * element: a malformed one ends where a well-formed one would, if its quotes and brackets are paired.
 *
 * @param stream begins with white space or the array's bracket
 * @returns how the array ended
 */
export async function* splitArray(
  stream: AsyncIterable<Buffer>,
): AsyncGenerator<JsonElement, ArrayEnd, undefined> {
  const splitter = new ArraySplitter();
  for await (const chunk of stream) yield* splitter.add(chunk);
  return splitter.end;
}

class ArraySplitter {
  /** 0 before and behind the array, 1 between its elements and in those that are no array or object, more inside of these. */
  #depth = 0;
  #closed = false;
  #followed = false;
  #inString = false;
  #escaped = false;

  #line = 1;
  /** Elements so far, the one that has begun included. */
  #number = 0;
  #firstLine = 1;
  /** Whether the element that has begun has more than white space. */
  #anything = false;
  #pieces: Buffer[] = [];
  #bytes = 0;

  get end(): ArrayEnd {
    if (!this.#closed) return 'not closed';
    return this.#followed ? 'followed by something else' : 'closed';
  }

  /** The elements that end in a chunk. */
  *add(chunk: Buffer): Generator<JsonElement, void, undefined> {
    let start = 0;
    for (let at = 0; at < chunk.length;) {
      if (this.#inString) {
        at = this.#endOfString(chunk, at);
        continue;
      }
      const byte = chunk[at] ?? 0;
      if (byte === lineFeed) this.#line++;
      if (this.#depth === 0) {
        if (this.#openOrFollow(byte)) start = at + 1;
      } else if (this.#depth === 1 && (byte === comma || byte === closeBracket)) {
        this.#append(chunk.subarray(start, at));
        yield* this.#take(byte);
        start = at + 1;
      } else this.#followValue(byte);
      at++;
    }
    if (this.#depth > 0) this.#append(chunk.subarray(start));
  }

  /** Place behind the quote that ends the string, or the end of the chunk. Most of a file is in strings: it looks at little else. */
  #endOfString(chunk: Buffer, start: number): number {
    let escaped = this.#escaped;
    let at = start;
    for (; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === lineFeed) this.#line++;
      if (escaped) escaped = false;
      else if (byte === backslash) escaped = true;
      else if (byte === quote) break;
    }
    this.#escaped = escaped;
    this.#inString = at === chunk.length;
    return Math.min(at + 1, chunk.length);
  }

  /** @returns true where the array begins */
  #openOrFollow(byte: number): boolean {
    if (isWhite(byte)) return false;
    if (this.#closed || byte !== openBracket) {
      this.#followed = true;
      return false;
    }
    this.#depth = 1;
    return true;
  }

  #followValue(byte: number): void {
    if (!this.#anything && !isWhite(byte)) {
      this.#anything = true;
      this.#firstLine = this.#line;
    }
    if (byte === quote) this.#inString = true;
    else if (byte === openBrace || byte === openBracket) this.#depth++;
    else if ((byte === closeBrace || byte === closeBracket) && this.#depth > 1) this.#depth--;
  }

  #append(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > longestLineBytes) this.#pieces = [];
    else if (piece.length > 0) this.#pieces.push(piece);
  }

  /** The element that a comma or the end of the array ends; an array of nothing has none. */
  *#take(byte: number): Generator<JsonElement, void, undefined> {
    this.#closed = byte === closeBracket;
    if (this.#closed) this.#depth = 0;
    const [anything, pieces, tooLong] = [this.#anything, this.#pieces, this.#bytes > longestLineBytes];
    this.#pieces = [];
    this.#bytes = 0;
    this.#anything = false;
    if (this.#closed && !anything && this.#number === 0) return;
    this.#number++;
    const line = anything ? this.#firstLine : this.#line;
    yield { number: this.#number, line, bytes: tooLong ? undefined : Buffer.concat(pieces) };
  }
}

function isWhite(byte: number): boolean {
  return byte === space || byte === lineFeed || byte === carriageReturn || byte === tab;
}
