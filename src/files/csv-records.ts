import { longestLineBytes } from './lines.js';

/** A record of a CSV file as it lies in a buffer, with its line break. */
export interface CsvSpan {
  /** Line on which it begins, from 1. */
  readonly number: number;
  /** Lines that it takes: more than one when a quoted field has line breaks. */
  readonly lines: number;
  readonly start: number;
  /** Place behind its last byte. */
  readonly end: number;
  /** True when it is longer than {@link longestLineBytes}; its bytes are not there then. */
  readonly tooLong: boolean;
}

/** Bytes, and the records that end in them. */
export interface CsvPart {
  readonly bytes: Buffer;
  readonly spans: readonly CsvSpan[];
}

const lineFeed = 0x0a;
const quote = 0x22;

/** What the next byte of a record is in. */
const fieldStart = 0;
const unquoted = 1;
const quoted = 2;
/** Behind a quote in a quoted field, which ends the field or is the first of two that stand for one. */
const afterQuote = 3;
/** Behind the longest length: nothing counts any more but a line break. */
const skipped = 4;

type Place = typeof fieldStart | typeof unquoted | typeof quoted | typeof afterQuote | typeof skipped;

/**
 * Finds where the records of a CSV file end: at line breaks that are not in a quoted field. It judges no record: quotes count
 * only where a field begins, and what stands behind a closing quote ends with its field, so that a malformed record seldom
 * takes the next one with it. After a record that is too long the next one begins at the first line break.
 *
 * @param delimiter the ASCII character between fields
 */
export async function* splitRecords(
  stream: AsyncIterable<Buffer>,
  delimiter: string,
): AsyncGenerator<CsvPart, void, undefined> {
  const splitter = new RecordSplitter(delimiter.charCodeAt(0));
  for await (const chunk of stream) {
    splitter.add(chunk);
    if (!splitter.worthSplitting) continue;
    const part = splitter.split();
    if (part.spans.length > 0) yield part;
  }
  for (const part of [splitter.split(), splitter.finish()]) if (part.spans.length > 0) yield part;
}

class RecordSplitter {
  /** The byte between fields. */
  readonly #delimiter: number;
  /** The record that has begun: its bytes so far, how many have been looked at, and what the next one is in. */
  #bytes: Buffer = Buffer.alloc(0);
  #seen = 0;
  #place: Place = fieldStart;
  /** Line on which it begins, and line breaks in it so far. */
  #number = 1;
  #breaks = 0;

  /** Chunks behind it that have not been looked at, and their bytes. */
  #added: Buffer[] = [];
  #addedBytes = 0;

  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  add(chunk: Buffer): void {
    this.#added.push(chunk);
    this.#addedBytes += chunk.length;
  }

  /** A record that comes in many small chunks would else be copied for each of them. */
  get worthSplitting(): boolean {
    return this.#addedBytes >= this.#bytes.length;
  }

  /** The records that end in what has been added. */
  split(): CsvPart {
    const bytes = this.#takeBytes();
    const spans: CsvSpan[] = [];
    let start = 0;
    let nextQuote = bytes.indexOf(quote, this.#seen);
    for (let end = 0; end >= 0;) {
      if (nextQuote >= 0 && nextQuote < start) nextQuote = bytes.indexOf(quote, start);
      end = this.#seen === 0 ? endOfPlainLine(bytes, start, nextQuote) : -1;
      if (end < 0) end = this.#walk(bytes, start);
      else this.#breaks++;
      if (end < 0) break;
      spans.push(this.#take(start, end));
      start = end;
    }
    // What is left of a record that is too long tells nothing that is not in #place.
    this.#bytes = this.#place === skipped ? Buffer.alloc(0) : bytes.subarray(start);
    this.#seen = this.#bytes.length;
    return { bytes, spans };
  }

  #takeBytes(): Buffer {
    const [first] = this.#added;
    const alone = this.#bytes.length === 0 && this.#added.length === 1;
    const bytes = alone && first !== undefined ? first : Buffer.concat([this.#bytes, ...this.#added]);
    this.#added = [];
    this.#addedBytes = 0;
    return bytes;
  }

  /** The last record, where the file ends without a line break, once everything has been split. */
  finish(): CsvPart {
    const bytes = this.#bytes;
    const any = bytes.length > 0 || this.#place === skipped;
    return { bytes, spans: any ? [this.#take(0, bytes.length)] : [] };
  }

  /** Place behind the line break that ends the record, or -1 when it is not there yet. */
  #walk(bytes: Buffer, start: number): number {
    for (let at = start + this.#seen; at < bytes.length; at++) {
      const byte = bytes[at];
      const ends = byte === lineFeed && this.#place !== quoted;
      if (at - start >= longestLineBytes && !ends) this.#place = skipped;
      if (byte === lineFeed) this.#breaks++;
      if (byte === lineFeed && this.#place !== quoted) return at + 1;
      this.#place = follow(this.#place, byte, this.#delimiter);
    }
    return -1;
  }

  #take(start: number, end: number): CsvSpan {
    const tooLong = this.#place === skipped || end - start > longestLineBytes + 1;
    const span = { number: this.#number, lines: Math.max(this.#breaks, 1), start, end, tooLong };
    this.#number += span.lines;
    this.#breaks = 0;
    this.#seen = 0;
    this.#place = fieldStart;
    return span;
  }
}

/** End of a line with its break, when it has one and no quote: a record that need not be looked at byte by byte. */
function endOfPlainLine(bytes: Buffer, start: number, nextQuote: number): number {
  const lineEnd = bytes.indexOf(lineFeed, start);
  return lineEnd >= 0 && (nextQuote < 0 || lineEnd < nextQuote) ? lineEnd + 1 : -1;
}

function follow(place: Place, byte: number | undefined, delimiter: number): Place {
  switch (place) {
    case fieldStart:
      return byte === quote ? quoted : byte === delimiter ? fieldStart : unquoted;
    case unquoted:
      return byte === delimiter ? fieldStart : unquoted;
    case quoted:
      return byte === quote ? afterQuote : quoted;
    case afterQuote:
      return byte === quote ? quoted : byte === delimiter ? fieldStart : unquoted;
    case skipped:
      return skipped;
  }
}
