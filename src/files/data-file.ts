import { statSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { AdvError } from '../base/errors.js';
import { shellQuoted } from '../base/storage/shell-path.js';
import { namesFile } from './file-name.js';

/** How own files of labelled texts end. */
const dataEnding = /\.(?:csv|tsv|txt|json|jsonl|ndjson|parquet|pq)(?:\.(?:gz|zst))?$/iu;

/** An address on the network, such as https://example.org. */
const address = /^[a-z][\w+.-]+:/iu;

/** How a file ends that may define a dataset. */
const moduleEnding = /\.[cm]?[jt]s$/iu;

/**
 * Refuses a name of a dataset that is plainly that of a file of data: by its ending, though it may be missing, or because there is
 * a file of that name that is no module.
 *
 * @param option what takes a file of data in its place
 * @throws AdvError USAGE
 */
export function refuseDataFile(name: string, option = '--train'): void {
  const facts = factsOf(name);
  if (facts?.isDirectory() || moduleEnding.test(name) || address.test(name)) return;
  // A word without a dot is a dataset or a package first, whatever lies in the current folder.
  const isPath = namesFile(name) || name.includes('.');
  if (dataEnding.test(name) || (isPath && facts?.isFile())) throw dataFile(name, option);
}

/**
 * Refuses a name that is neither a dataset's nor a package's where a file has it.
 *
 * @throws AdvError USAGE
 */
export function refuseFile(name: string): void {
  if (factsOf(name)?.isFile()) throw dataFile(name, '--train');
}

function dataFile(name: string, option: string): AdvError {
  return new AdvError(
    'USAGE',
    `${name} is a file of data, not a dataset: give it by ${option} ${shellQuoted(name)}`,
    'A dataset is one that `npx advnative datasets list` shows, or a package or JavaScript module that defines one.',
  );
}

function factsOf(path: string): Stats | undefined {
  try {
    return statSync(resolve(path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
