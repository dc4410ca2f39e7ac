import { CsvError, parse } from 'csv-parse/sync';
import { AdvError } from '../base/errors.js';
import { at } from '../base/at.js';
import { isBlank } from '../text/blank.js';
import { withoutMark } from './start.js';
import { encodingHint } from './encoding-hint.js';
import { isText, longestLineBytes, problemOfText } from './lines.js';
import {
  defaultColumns,
  findColumns,
  nameColumnsHint,
  recordOfFields,
  type ColumnPlaces,
} from './columns.js';
import { splitRecords, type CsvRecord } from './csv-records.js';
import { defaultDelimiter, likelyDelimiters, writtenDelimiter } from './delimiter.js';
import type { Columns, FileRecord, ReaderOptions } from './record.js';

/** A record with its fields, or with what is wrong with it. */
type Row =
  | { readonly record: CsvRecord; readonly fields: readonly string[] }
  | { readonly record: CsvRecord; readonly problem: string };

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
  for await (const records of splitRecords(withoutMark(bytes), delimiter)) {
    for (const row of rowsOf(records, delimiter)) {
      const { number } = row.record;
      if ('fields' in row && row.fields.every(isBlank)) yield { number, empty: true };
      else if (places === undefined) places = headerOf(file, row, columns, delimiter);
      else if ('problem' in row) yield { number, problem: row.problem };
      else yield recordOfFields(number, row.fields, places);
    }
  }
}

const headerHint = 'The first record must name the columns.';
const lineHint = 'Records must end with LF or CRLF; here a CR stands alone, as where it ends the lines.';

function headerOf(file: string, row: Row, columns: Columns, delimiter: string): ColumnPlaces {
  if ('fields' in row) return findColumns(file, row.fields, columns, hintOfHeader(row.fields, delimiter));
  const { record, problem } = row;
  const hint = hintOfBrokenHeader(record, delimiter) ?? `${headerHint}${encodingHint(problem, file)}`;
  throw new AdvError('DATA_MALFORMED', `${file}:${record.number}: ${problem}`, hint);
}

/** What to do about a header that is malformed, where it is well-formed with another delimiter. */
function hintOfBrokenHeader(header: CsvRecord, delimiter: string): string | undefined {
  const other = likelyDelimiters.find((candidate) => {
    const records = parseFields([header], candidate);
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

/**
 * Parses records together, because a call for each would cost more than the parsing. Where that fails, it halves their
 * number until the one that is wrong stands alone.
 */
function rowsOf(records: readonly CsvRecord[], delimiter: string): readonly Row[] {
  const [first] = records;
  if (first === undefined) return [];
  const fields = parseFields(records, delimiter);
  if (typeof fields !== 'string') {
    return records.map((record, place) => ({ record, fields: at(fields, place) }));
  }
  if (records.length === 1) return [{ record: first, problem: fields + extentOf(first) }];
  const half = Math.ceil(records.length / 2);
  return [...rowsOf(records.slice(0, half), delimiter), ...rowsOf(records.slice(half), delimiter)];
}

const hintOfLength = ', or with a quote that is not closed';
const rule =
  ': a field with quotes, delimiters or line breaks stands in quotes, and quotes in it are doubled';
const problems: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE: `text behind the closing quote of a field${rule}`,
  INVALID_OPENING_QUOTE: `a quote in a field that does not begin with one${rule}`,
  CSV_QUOTE_NOT_CLOSED: `a quote that is not closed${rule}`,
};

/** Fields of each record, or what is wrong with one of them. */
function parseFields(
  records: readonly CsvRecord[],
  delimiter: string,
): readonly (readonly string[])[] | string {
  const pieces = records.flatMap(({ bytes }) => bytes ?? []);
  if (pieces.length < records.length) return `longer than ${longestLineBytes} bytes${hintOfLength}`;
  const content = pieces.length === 1 ? at(pieces, 0) : Buffer.concat(pieces);
  // Where several are parsed together, nobody asks what is wrong with them.
  if (!isText(content)) return records.length === 1 ? problemOfText(content, 'record') : 'no text';
  try {
    const found = parse(content, {
      delimiter,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
    });
    return found.length === records.length ? found : `${found.length} records in one`;
  } catch (error) {
    if (error instanceof CsvError) return problems[error.code] ?? error.message;
    throw error;
  }
}

/** Says how far a record goes that takes several lines, which it may do by mistake. */
function extentOf({ number, lines }: CsvRecord): string {
  return lines > 1 ? ` (the record takes the lines ${number} to ${number + lines - 1})` : '';
}
