import { readBytes } from '../bytes.js';
import { columnsOf } from './columns.js';
import { readCsv } from './csv.js';
import { formatOf } from './format.js';
import { readJsonl } from './jsonl.js';
import type { DataForm, FileRecord, TextReader } from './record.js';
import { readTsv } from './tsv.js';
import { withoutUtf16 } from './utf-16.js';

const textReaders: Readonly<Record<'tsv' | 'csv' | 'jsonl', TextReader>> = {
  tsv: readTsv,
  csv: readCsv,
  jsonl: readJsonl,
};

/**
 * Streams the records of a labelled file of any form, well-formed or not, in the order of the file and in memory that does
 * not grow with it: some pieces of a text, a page of each column of a Parquet file.
 *
 * @throws AdvError USAGE when both columns are the same; while iterating, DATA_MISSING when the file cannot be read,
 * DATA_MALFORMED when it lacks a column or is so damaged that its records cannot be told, INTERRUPTED soon after the signal
 * has fired in a text
 */
export async function readRecords(
  file: string,
  form: DataForm = {},
  signal?: AbortSignal,
): Promise<AsyncGenerator<FileRecord, void, undefined>> {
  const format = form.format ?? formatOf(file);
  const columns = columnsOf(form);
  if (format !== 'parquet')
    return textReaders[format](withoutUtf16(readBytes(file, signal), file), file, columns);
  // What decodes Parquet is loaded where it is needed: no command waits for it in vain.
  const { readParquet } = await import('./parquet.js');
  return readParquet(file, columns);
}
