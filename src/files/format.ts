import { extname } from 'node:path';
import { AdvError } from '../base/errors.js';
import { compressionOfName } from './bytes.js';
import { textStart } from './start.js';
import type { DataFormat } from './form.js';

const byExtension: ReadonlyMap<string, DataFormat> = new Map([
  ['.tsv', 'tsv'],
  ['.txt', 'tsv'],
  ['.csv', 'csv'],
  ['.jsonl', 'jsonl'],
  ['.ndjson', 'jsonl'],
  ['.json', 'json'],
  ['.parquet', 'parquet'],
  ['.pq', 'parquet'],
]);

/** What a file of each form must be like, to tell those whose file is not. */
export const formHints: Readonly<Record<DataFormat, string>> = {
  tsv: 'Without options a line is a text, a tab and its label. Other forms: --format csv, jsonl, json or parquet; a TSV file that names its columns: --text-column and --label-column.',
  csv: 'The first record names the columns; each further one is an example.',
  jsonl: 'Each line is an object with a text and a label.',
  json: 'The file is an array of objects with a text and a label, or has such an object in each line.',
  parquet: 'Each row of the table is an example.',
};

/**
 * The form of a file by its extension, less that of its compression. Any other extension, or none, is tab-separated: a file of
 * another form then fails at its first line, which has no tab.
 */
export function formatOf(file: string): DataFormat {
  const compression = compressionOfName(file);
  const name = compression === undefined ? file : file.slice(0, -extname(file).length);
  return byExtension.get(extname(name).toLowerCase()) ?? 'tsv';
}

/** How a text is read. */
export type TextFormat = 'tsv' | 'csv' | 'jsonl' | 'json-array';

/**
 * How a text is read: as the user says, else by how it begins where that can be one form only, else by the file's name.
 *
 * @param start of the text, as much as there is of its first line
 * @throws AdvError DATA_MALFORMED when it begins as another form than the user says
 */
export function textFormatOf(
  file: string,
  { format }: { readonly format?: DataFormat | undefined },
  start: Buffer,
): TextFormat {
  const found = jsonOf(start);
  const named = format ?? formatOf(file);
  if (named === 'json') return textStart(start).startsWith('[') ? 'json-array' : 'jsonl';
  if (found === undefined || found === named) return textOnly(named);
  if (format === undefined) return found === 'json' ? 'json-array' : 'jsonl';
  throw new AdvError(
    'DATA_MALFORMED',
    `${file}: expected ${format} because of --format, got ${found === 'json' ? 'a JSON array of objects' : 'JSON lines'}`,
    `Leave --format out, or give --format ${found}.`,
  );
}

/** What is no text has been found before. */
function textOnly(format: Exclude<DataFormat, 'json'>): TextFormat {
  return format === 'parquet' ? 'tsv' : format;
}

/** What a text is as JSON, where its beginning can be nothing else: no well-formed line of TSV or CSV begins so. */
function jsonOf(start: Buffer): 'json' | 'jsonl' | undefined {
  const text = textStart(start);
  const [line = ''] = text.split('\n', 1);
  // Between text and label there would be a tab; JSON escapes it.
  if (line.includes('\t')) return undefined;
  if (/^\[\s*(\{\s*["}]|\]\s*$)/.test(text)) return 'json';
  return /^\{\s*"/.test(line) && isObject(line) ? 'jsonl' : undefined;
}

function isObject(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}
