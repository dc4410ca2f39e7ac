import { CsvError, parse } from 'csv-parse/sync';
import { AdvError } from '../base/errors.js';
import { at } from '../base/at.js';
import { isBlank } from '../text/blank.js';
import { withoutMark } from './bytes.js';
import { encodingHint } from './encoding-hint.js';
import { isText, longestLineBytes, problemOfText } from './lines.js';
import { defaultColumns, findColumns, nameColumnsHint, wrongCount, type ColumnPlaces } from './columns.js';
import { splitRecords, type CsvPart, type CsvSpan } from './csv-records.js';
import { defaultDelimiter, likelyDelimiters, writtenDelimiter } from './delimiter.js';
import type { Columns, FileRecord, ReaderOptions } from './record.js';

/** Fields of a record, or what is wrong with it. */
type Row =
  | { readonly number: number; readonly fields: readonly string[] }
  | { readonly number: number; readonly problem: string };

/**
 * Streams the records of a CSV file as RFC 4180 has them, with LF or CRLF; the first one that is not empty names the columns. A record is
 * numbered by the line on which it begins. One whose fields are all blank is empty, as programs write them for the rows around a table.
 *
 * @throws AdvError as a {@link TextReader} does
 */
export async function* readCsv(
  bytes: AsyncGenerator<Buffer, void, undefined>,
  file: string,
  columns: Columns = defaultColumns,
  { delimiter = defaultDelimiter }: ReaderOptions = {},
): AsyncGenerator<FileRecord, void, undefined> {
  let places: ColumnPlaces | undefined;
  for await (const part of splitRecords(withoutMark(bytes), delimiter)) {
    for (const row of rowsOf(part, delimiter)) {
      if ('fields' in row && row.fields.every(isBlank)) yield { number: row.number, empty: true };
      else if (places === undefined) places = headerOf(file, row, columns, { part, delimiter });
      else if ('problem' in row) yield row;
      else yield csvRecord(row.number, row.fields, places);
    }
  }
}

const headerHint = 'The first record must name the columns.';
const lineHint = 'Records must end with LF or CRLF; here a CR stands alone, as where it ends the lines.';

function headerOf(
  file: string,
  row: Row,
  columns: Columns,
  { part, delimiter }: { readonly part: CsvPart; readonly delimiter: string },
): ColumnPlaces {
  if ('fields' in row) return findColumns(file, row.fields, columns, hintOfHeader(row.fields, delimiter));
  const hint =
    hintOfBrokenHeader(part, row.number, delimiter) ?? `${headerHint}${encodingHint(row.problem, file)}`;
  throw new AdvError('DATA_MALFORMED', `${file}:${row.number}: ${row.problem}`, hint);
}

/** What to do about a header that is malformed, where it is well-formed with another delimiter. */
function hintOfBrokenHeader(
  { bytes, spans }: CsvPart,
  number: number,
  delimiter: string,
): string | undefined {
  const span = spans.find((one) => one.number === number);
  if (span === undefined || span.tooLong) return undefined;
  const other = likelyDelimiters.find((candidate) => {
    const records = parseFields(bytes.subarray(span.start, span.end), 1, candidate);
    return candidate !== delimiter && typeof records !== 'string' && at(records, 0).length > 1;
  });
  return other === undefined ? undefined : hintOfDelimiter(delimiter, other);
}

/** What to do about a header that lacks a column. */
function hintOfHeader(header: readonly string[], delimiter: string): string {
  if (header.some((name) => name.includes('\r'))) return lineHint;
  const [only = ''] = header;
  if (header.length > 1) return `${headerHint} ${nameColumnsHint}`;
  const [, said] = /^sep=(.)/.exec(only) ?? [];
  if (said !== undefined)
    return `The first line is Excel's way to tell the delimiter: delete it and give --delimiter ${writtenDelimiter(said)}.`;
  const other = likelyDelimiters.find((candidate) => candidate !== delimiter && only.includes(candidate));
  return other === undefined ? `${headerHint} ${nameColumnsHint}` : hintOfDelimiter(delimiter, other);
}

function hintOfDelimiter(given: string, likely: string): string {
  return `Its fields seem to have other characters between them than ${writtenDelimiter(given)}: give --delimiter ${writtenDelimiter(likely)}.`;
}

function csvRecord(number: number, fields: readonly string[], places: ColumnPlaces): FileRecord {
  const text = fields[places.text];
  const label = fields[places.label];
  if (fields.length === places.count && text !== undefined && label !== undefined) {
    return { number, text, label };
  }
  return { number, problem: wrongCount(fields.length, places) };
}

/**
 * Parses records together, because a call for each would cost more than the parsing. Where that fails, it halves their
 * number until the one that is wrong stands alone.
 */
function* rowsOf({ bytes, spans }: CsvPart, delimiter: string): Generator<Row, void, undefined> {
  let count = spans.length;
  for (let first = 0; first < spans.length;) {
    count = Math.min(count, spans.length - first);
    const together = spans.slice(first, first + count);
    const rows = parseTogether(bytes, together, delimiter);
    if (rows === undefined) {
      count = Math.ceil(count / 2);
      continue;
    }
    yield* rows;
    first += count;
    count *= 2;
  }
}

/** Rows of adjacent records; undefined when one of several is malformed. */
function parseTogether(
  bytes: Buffer,
  spans: readonly CsvSpan[],
  delimiter: string,
): readonly Row[] | undefined {
  const single = spans.length === 1 ? at(spans, 0) : undefined;
  const content = bytes.subarray(at(spans, 0).start, spans.at(-1)?.end);
  const fields = spans.some(({ tooLong }) => tooLong)
    ? `longer than ${longestLineBytes} bytes${hintOfLength}`
    : parseFields(content, spans.length, delimiter);
  if (typeof fields !== 'string') {
    return spans.map(({ number }, place) => ({ number, fields: at(fields, place) }));
  }
  return single && [{ number: single.number, problem: fields + extentOf(single) }];
}

const hintOfLength = ', or with a quote that is not closed';
const rule =
  ': a field with quotes, delimiters or line breaks stands in quotes, and quotes in it are doubled';
const problems: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE: `text behind the closing quote of a field${rule}`,
  INVALID_OPENING_QUOTE: `a quote in a field that does not begin with one${rule}`,
  CSV_QUOTE_NOT_CLOSED: `a quote that is not closed${rule}`,
};

/** Fields of each of `count` records, or what is wrong with one of them. */
function parseFields(
  content: Buffer,
  count: number,
  delimiter: string,
): readonly (readonly string[])[] | string {
  // Where several are parsed together, nobody asks what is wrong with them.
  if (!isText(content)) return count === 1 ? problemOfText(content, 'record') : 'no text';
  try {
    const records = parse(content, {
      delimiter,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
    });
    return records.length === count ? records : `${records.length} records in one`;
  } catch (error) {
    if (error instanceof CsvError) return problems[error.code] ?? error.message;
    throw error;
  }
}

/** Says how far a record goes that takes several lines, which it may do by mistake. */
function extentOf({ number, lines }: CsvSpan): string {
  return lines > 1 ? ` (the record takes the lines ${number} to ${number + lines - 1})` : '';
}
