import { open, stat } from 'node:fs/promises';
import { AdvError } from '../base/errors.js';
import { readBytes } from './bytes.js';
import { continued, firstBytes, textStart } from './start.js';
import { lineEndBytes, requireLineFeeds } from './line-ends.js';
import { isParquet, nameOfContent } from './signatures.js';
import { columnsOf } from './columns.js';
import { readCsv } from './csv.js';
import { requireNoDocument } from './documents.js';
import { formatOf, formHints, textFormatOf, type TextFormat } from './format.js';
import { readJsonArray } from './json-array.js';
import { readJsonl } from './jsonl.js';
import type { Columns, DataForm, FileRecord, ReaderOptions, TextReader } from './record.js';
import { readTsv } from './tsv.js';

const textReaders: Readonly<Record<TextFormat, TextReader>> = {
  tsv: readTsv,
  csv: readCsv,
  jsonl: readJsonl,
  'json-array': readJsonArray,
};

/** What a reading of records may be told beside the form. */
export interface ReadingOptions extends Pick<ReaderOptions, 'onFirstLine'> {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Streams the records of a labelled file of any form, well-formed or not, in the order of the file and in memory that does
 * not grow with it: some pieces of a text, a page of each column of a Parquet file.
 *
 * @throws AdvError, while iterating, USAGE when both columns are the same or options contradict each other; DATA_MISSING when the file
 * cannot be read; DATA_MALFORMED when it has no record, lacks a column, is of another form than the user says or is so damaged that
 * its records cannot be told; INTERRUPTED soon after the signal has fired in a text; and what `onFirstLine` throws
 */
export async function* readRecords(
  file: string,
  form: DataForm = {},
  options: ReadingOptions = {},
): AsyncGenerator<FileRecord, void, undefined> {
  const columns = columnsOf(form);
  const asParquet = await isReadAsParquet(file, form);
  const bytes = readBytes(file, options.signal);
  try {
    const opened = asParquet
      ? await openParquet(file, columns)
      : await openText(bytes, { file, form, columns, options });
    let [none, emptyRows] = [true, false];
    for await (const record of opened.records) {
      if ('empty' in record) emptyRows = true;
      else none = false;
      yield record;
    }
    if (none) throw noRecord(file, opened.form, emptyRows ? 'empty rows only' : opened.inPlaceOfRecords);
  } finally {
    await bytes.return();
  }
}

/** Records that can be read. */
interface OpenedRecords {
  readonly records: AsyncIterable<FileRecord>;
  readonly form: DataForm;
  /** What the file has where it has none. */
  readonly inPlaceOfRecords: string;
}

async function openParquet(file: string, columns: Columns | undefined): Promise<OpenedRecords> {
  // What decodes Parquet is loaded where it is needed: no command waits for it in vain.
  const { readParquet } = await import('./parquet.js');
  const form = { format: 'parquet' } as const;
  return { records: readParquet(file, columns), form, inPlaceOfRecords: 'a table without rows' };
}

/** A text file and how it is to be read. */
interface TextFile {
  readonly file: string;
  readonly form: DataForm;
  readonly columns: Columns | undefined;
  readonly options: ReadingOptions;
}

async function openText(
  bytes: AsyncGenerator<Buffer, void, undefined>,
  { file, form, columns, options }: TextFile,
): Promise<OpenedRecords> {
  const start = await firstBytes(bytes, lineEndBytes);
  requireNoDocument(start, file);
  const format = textFormatOf(file, form, start);
  // JSON does not care how lines end.
  if (format !== 'json-array') requireLineFeeds(start, file);
  requireUsefulDelimiter(file, form, format);
  const { delimiter } = form;
  const { onFirstLine } = options;
  const records = textReaders[format](continued(start, bytes), file, columns, { delimiter, onFirstLine });
  return { records, form, inPlaceOfRecords: inPlaceOfRecords(start, format, columns) };
}

/** What a text without a record has in its place. */
function inPlaceOfRecords(start: Buffer, format: TextFormat, columns: Columns | undefined): string {
  if (textStart(start) === '') return start.length === 0 ? 'an empty file' : 'nothing but white space';
  if (format === 'json-array') return 'an array without objects';
  return format === 'csv' || columns !== undefined ? 'a header and no record' : 'nothing but blank lines';
}

function noRecord(file: string, { format }: DataForm, found: string): AdvError {
  const hint = formHints[format ?? formatOf(file)];
  return new AdvError('DATA_MALFORMED', `${file}: expected examples, got ${found}`, hint);
}

/** Whether a file is to be read as Parquet: its first bytes tell, and the user and its name are held to them. */
async function isReadAsParquet(file: string, { format }: DataForm): Promise<boolean> {
  const start = await startOf(file);
  const named = format ?? formatOf(file);
  if (start === undefined || start.length === 0) return named === 'parquet';
  if (isParquet(start)) {
    if (format === undefined || format === 'parquet') return true;
    throw otherThanSaid(
      file,
      `${format} because of --format`,
      'Parquet',
      'Leave --format out, or give --format parquet.',
    );
  }
  if (named !== 'parquet') return false;
  throw otherThanSaid(
    file,
    `Parquet because of ${format === undefined ? 'its name' : '--format'}`,
    nameOfContent(start) ?? 'another start than that of a Parquet file',
    'A Parquet file is compressed inside, and not once more as a whole. Of another form: --format tsv, csv, jsonl or json.',
  );
}

function otherThanSaid(file: string, expected: string, found: string, hint: string): AdvError {
  return new AdvError('DATA_MALFORMED', `${file}: expected ${expected}, got ${found}`, hint);
}

/** How a file begins; undefined for what can be read once only, and for what cannot be read, whose error comes from reading it. */
async function startOf(file: string): Promise<Buffer | undefined> {
  try {
    if (!(await stat(file)).isFile()) return undefined;
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(startBytes), 0, startBytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

const startBytes = 512;

function requireUsefulDelimiter(file: string, { delimiter, format }: DataForm, found: TextFormat): void {
  if (delimiter === undefined || found === 'csv' || (found === 'tsv' && delimiter === '\t')) return;
  const csv = format === undefined ? 'Give --format csv too' : `Give --format csv in place of ${format}`;
  throw new AdvError(
    'USAGE',
    `${file}: expected CSV beside --delimiter, got a file that is read as ${found === 'tsv' ? 'TSV' : 'JSON'}`,
    found === 'tsv' ? `${csv}, or leave --delimiter out.` : 'Leave --delimiter out.',
  );
}
