import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { namesFile } from '../files/file-name.js';
import { AdvError } from '../base/errors.js';
import { requireWritable } from '../base/storage/atomic-file.js';
import type { DataSource } from '../recipe/data-source.js';
import { runPaths, type RunPaths } from './run-paths.js';

/** A file that will be written. */
export interface OutputFile {
  /** The option that names it: "--losses". */
  readonly flag: string;
  readonly path: string;
}

/** A file that is read; left out where the path is undefined. */
export interface InputFile {
  /** What it is, to follow "than": "--test". */
  readonly what: string;
  readonly path: string | undefined;
}

/**
 * Checks, before the work whose result it is to hold, that a file can be written and takes nothing away: neither what is read nor a
 * part of a run.
 *
 * @param inputs what is read, as far as it is known
 * @param replaces the part of a run that it is right to replace
 * @throws AdvError USAGE for a file that is read or belongs to a run, and what {@link requireWritable} throws
 */
export async function requireOutput(
  output: OutputFile,
  inputs: readonly InputFile[] = [],
  replaces?: string,
): Promise<void> {
  await requireWritable(output.path);
  await requireNoInput(output, inputs);
  await requireNoPartOfRun(output, replaces);
}

/**
 * Checks that an output is none of the files that are read: the same file by another spelling or link counts.
 *
 * @throws AdvError USAGE that names both
 */
export async function requireNoInput(
  { flag, path }: OutputFile,
  inputs: readonly InputFile[],
): Promise<void> {
  const written = await fileIdentity(path);
  for (const input of inputs) {
    if (input.path === undefined || (await fileIdentity(input.path)) !== written) continue;
    const got = input.path === path ? `${path} for both` : `${path} and ${input.path}, which are one file`;
    throw new AdvError(
      'USAGE',
      `expected another file for ${flag} than ${input.what}, got ${got}`,
      'It would be replaced: name a new file.',
    );
  }
}

/** The files of own data or of a dataset that a file defines, as a run recorded them. */
export function filesOfRun(data: DataSource): InputFile[] {
  if ('dataset' in data) {
    return [{ what: "the run's dataset", path: namesFile(data.dataset) ? data.dataset : undefined }];
  }
  return [
    { what: "the run's training data", path: data.train },
    { what: "the run's validation data", path: data.valid ?? undefined },
    { what: "the run's test data", path: data.test ?? undefined },
  ];
}

async function requireNoPartOfRun({ flag, path }: OutputFile, replaces: string | undefined): Promise<void> {
  const written = await fileIdentity(path);
  if (replaces !== undefined && (await fileIdentity(replaces)) === written) return;
  const folder = dirname(resolve(path));
  for (const directory of [folder, dirname(folder)]) {
    const paths = runPaths(directory);
    if (!(await isRun(paths))) continue;
    const identities = await Promise.all(Object.values<string>({ ...paths }).map(fileIdentity));
    if (!identities.includes(written)) continue;
    throw new AdvError(
      'USAGE',
      `expected a file for ${flag} that is no part of a run, got ${path}, which belongs to the run ${directory}`,
      'It would be replaced: name a new file.',
    );
  }
}

/** A folder that a model was copied to may have a run.json beside it, but it has no checkpoint. */
async function isRun({ record, vocabulary, ngrams }: RunPaths): Promise<boolean> {
  const paths = [record, vocabulary, ngrams];
  const found = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  const [isRecord, ...ofCheckpoint] = found.map((facts) => facts?.isFile() === true);
  return isRecord === true && ofCheckpoint.includes(true);
}

/**
 * What two paths have in common exactly when they lead to one file, whatever their spelling and links. A file that is not there
 * yet is known by its name and its folder.
 */
async function fileIdentity(path: string): Promise<string> {
  const facts = await stat(path, { bigint: true }).catch(() => undefined);
  if (facts !== undefined) return `${facts.dev}:${facts.ino}`;
  const full = resolve(path);
  const folder = dirname(full);
  return folder === full ? full : `${await fileIdentity(folder)}/${basename(full)}`;
}
