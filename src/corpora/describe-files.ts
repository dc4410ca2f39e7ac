import { join } from 'node:path';
import { digestFile } from '../files/files.js';
import type { DatasetFile } from '../files/types.js';
import type { Corpus } from './corpus.js';

/** Files of a corpus as a run records them. */
export interface DescribedFiles {
  readonly files: readonly DatasetFile[];
  /** Paths of those that differ from the official file, where its checksum is known. */
  readonly differing: readonly string[];
  /** A note for each of those. */
  readonly notes: readonly string[];
}

/**
 * What a run records of a corpus's files, in the order of their paths: size and checksum, and which are not the official ones.
 *
 * @param folder the corpus's folder
 * @param paths those that the dataset reads, below the folder
 * @throws AdvError DATA_MISSING when one cannot be read, INTERRUPTED when the signal fires
 */
export async function describeCorpusFiles(
  corpus: Corpus,
  folder: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<DescribedFiles> {
  const files: DatasetFile[] = [];
  const differing: string[] = [];
  for (const path of paths) {
    const digest = await digestFile(join(folder, path), signal);
    files.push({ name: `${corpus.name}/${path}`, bytes: digest.bytes, sha256: digest.sha256 });
    const official = corpus.files.find((file) => file.path === path)?.checksum;
    if (official !== undefined && digest[official.kind] !== official.value) differing.push(path);
  }
  return {
    files,
    differing,
    notes: differing.map((path) => `${path} differs from the official file of ${corpus.name}`),
  };
}
