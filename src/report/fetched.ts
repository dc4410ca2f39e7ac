import { dirname } from 'node:path';
import type { FetchedDataset } from '../corpora/types.js';
import { shellQuoted } from '../base/storage/shell-path.js';
import { count } from './format.js';
import { table } from './tables.js';

/** Whether no file of a dataset differs from the official one. */
export function isOfficial({ files }: FetchedDataset): boolean {
  return files.every(({ official }) => official !== false);
}

/** A fetched dataset: where it is, its files, and on what terms it may be used. */
export function fetchReport(dataset: FetchedDataset): string {
  const { name, title, folder, alreadyThere, files, from, failures, licence, citation, page } = dataset;
  const rows = files.map((file) => [file.name, count(file.bytes), standing(file.official)]);
  return [
    `${name}: ${title}`,
    `${alreadyThere ? 'already present' : 'fetched'}: ${folder}`,
    '',
    table(['file', 'bytes', 'checksum'], rows),
    '',
    ...failures.map(({ url, reason }) => `failed: ${url}: ${reason}`),
    ...from.map((url) => `from: ${url}`),
    ...(isOfficial(dataset) ? [] : [howToReplace(dataset)]),
    `licence: ${licence}`,
    `citation: ${citation}`,
    `about: ${page}`,
  ].join('\n');
}

function howToReplace({ name, folder }: FetchedDataset): string {
  const directory = shellQuoted(dirname(folder));
  return `To replace what differs: npx advnative datasets fetch ${name} --force --data-dir ${directory}`;
}

function standing(official: boolean | null): string {
  if (official === null) return 'none known';
  return official ? 'official' : 'differs from the official file';
}
