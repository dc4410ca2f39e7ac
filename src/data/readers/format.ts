import { extname } from 'node:path';
import { compressionOfName } from '../bytes.js';

/** The forms that a labelled file may have. */
export const dataFormats = ['tsv', 'csv', 'jsonl', 'parquet'] as const;

export type DataFormat = (typeof dataFormats)[number];

const byExtension: ReadonlyMap<string, DataFormat> = new Map([
  ['.tsv', 'tsv'],
  ['.txt', 'tsv'],
  ['.csv', 'csv'],
  ['.jsonl', 'jsonl'],
  ['.ndjson', 'jsonl'],
  ['.parquet', 'parquet'],
]);

/**
 * The form of a file by its extension, less that of its compression. Any other extension, or none, is tab-separated: a file of
 * another form then fails at its first line, which has no tab.
 */
export function formatOf(file: string): DataFormat {
  const compression = compressionOfName(file);
  const name = compression === undefined ? file : file.slice(0, -extname(file).length);
  return byExtension.get(extname(name).toLowerCase()) ?? 'tsv';
}
