import { LineSplitter, longestLineBytes } from './lines.js';

/** A record of a CSV file. */
export interface CsvRecord {
  /** Line on which it begins, from 1. */
  readonly number: number;
  /** Lines that it takes: more than one when a quoted field has line breaks. */
  readonly lines: number;
  /** What it is in the file, line breaks included; undefined when it is longer than {@link longestLineBytes}. */
  readonly bytes: Buffer | undefined;
}

const quote = 0x22;

/**
 * Finds where the records of a CSV file end: at line breaks that are not in a quoted field. It judges no record: quotes count
 * only where a field begins, and what stands behind a closing quote ends with its field, so that a malformed record seldom
 * takes the next one with it. A record that is too long ends with the line that makes it so. csv-parse alone would take all behind a
 * quote that is not closed for one record, good ones too.
 *
 * @param delimiter the ASCII character between fields
 */
export async function* splitRecords(
  stream: AsyncIterable<Buffer>,
  delimiter: string,
): AsyncGenerator<readonly CsvRecord[], void, undefined> {
  const lines = new LineSplitter();
  const joiner = new RecordJoiner(delimiter.charCodeAt(0));
  for await (const chunk of stream) yield joiner.join(lines.push(chunk));
  yield [...joiner.join(lines.finish()), ...joiner.finish()];
}

/** Puts the lines of a record together. */
class RecordJoiner {
  readonly #delimiter: number;
  /** Line on which the record begins, and lines of it so far: whole ones whose last field goes on. */
  #number = 1;
  #lines = 0;
  #begun: Buffer | undefined;
  #bytes = 0;

  /** @param delimiter the byte between fields */
  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  /**
   * The records that end in lines.
   *
   * @param lines each with its line break; undefined for one that is too long
   */
  join(lines: readonly (Buffer | undefined)[]): CsvRecord[] {
    const records: CsvRecord[] = [];
    for (const line of lines) {
      const isOpen = line !== undefined && this.#endsInQuotes(line, this.#lines > 0);
      this.#lines++;
      if (isOpen && this.#bytes + line.length <= longestLineBytes) this.#keep(line);
      else records.push(this.#take(line));
    }
    return records;
  }

  /** The last record, where the file ends in a quoted field. */
  finish(): CsvRecord[] {
    return this.#lines === 0 ? [] : [this.#take(Buffer.alloc(0))];
  }

  /** In one piece of memory, as a record may have a line for every byte. */
  #keep(line: Buffer): void {
    this.#begun ??= Buffer.allocUnsafe(longestLineBytes);
    this.#bytes += line.copy(this.#begun, this.#bytes);
  }

  #take(last: Buffer | undefined): CsvRecord {
    const [number, lines] = [this.#number, this.#lines];
    const before = this.#begun?.subarray(0, this.#bytes);
    const bytes = last && before && before.length > 0 ? Buffer.concat([before, last]) : last;
    this.#number += lines;
    this.#lines = 0;
    this.#bytes = 0;
    return { number, lines, bytes: bytes && bytes.length <= longestLineBytes + 1 ? bytes : undefined };
  }

  /** Whether a quoted field goes on behind a line, which most have no quote in. */
  #endsInQuotes(line: Buffer, beginsInQuotes: boolean): boolean {
    if (!line.includes(quote)) return beginsInQuotes;
    let [inQuotes, field] = [beginsInQuotes, 0];
    for (;;) {
      let end = field;
      if (inQuotes || line[field] === quote) {
        end = behindQuotes(line, inQuotes ? field : field + 1);
        if (end < 0) return true;
      }
      inQuotes = false;
      field = line.indexOf(this.#delimiter, end) + 1;
      if (field === 0) return false;
    }
  }
}

/** Place behind the quote that closes a field, from a place within it; -1 where none does. Two quotes stand for one. */
function behindQuotes(line: Buffer, start: number): number {
  for (let at = line.indexOf(quote, start); at >= 0; at = line.indexOf(quote, at + 2)) {
    if (line[at + 1] !== quote) return at + 1;
  }
  return -1;
}
