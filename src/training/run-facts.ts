import { cpus, totalmem } from 'node:os';
import { packageCommit, packageVersion } from '../base/package.js';
import { AdvError } from '../base/errors.js';
import type { DatasetFile } from '../files/types.js';
import type { NativeAddon } from '../engine/addon.js';
import { fingerprinted, type Recipe } from '../recipe/recipe.js';
import { fingerprint } from './checkpoint.js';
import type { RunData } from './prepare.js';
import type { RunDataset, RunRecord } from './run-record.js';

/** Versions and machine of this process. */
export function environmentFacts(addon: NativeAddon): Pick<RunRecord, 'versions' | 'machine'> {
  const info = addon.info();
  const commit = packageCommit();
  return {
    versions: {
      advnative: packageVersion,
      ...(commit === undefined ? {} : { commit }),
      node: process.versions.node,
      // Tokenizers ask its tables what is a letter, and which characters are one cluster.
      unicode: process.versions['unicode'] ?? 'unknown',
      compiler: info.compiler,
    },
    machine: {
      platform: process.platform,
      architecture: process.arch,
      processor: cpus()[0]?.model ?? 'unknown',
      hardwareThreads: info.hardwareThreads,
      memoryBytes: totalmem(),
      instructionSet: info.instructionSet,
    },
  };
}

/** What a run records of its data, before the test part is read. */
export function datasetRecord({ dataset, train, valid, trainingTexts, tokensSha256 }: RunData): RunDataset {
  const { files, language = null, licence, citation, notes } = dataset.facts;
  return {
    name: dataset.name,
    language,
    labels: dataset.labels,
    classCounts: train.classCounts,
    examples: { train: train.count, valid: valid.count, test: null },
    truncated: { train: train.truncated, valid: valid.truncated },
    unknownShare: valid.unknownShare,
    trainingTexts,
    tokensSha256,
    files,
    licence,
    citation,
    notes,
    skipped: dataset.skipped,
  };
}

/** All that decides the numbers of a run: a checkpoint made under anything else is refused. */
export function runFingerprint(
  recipe: Recipe,
  labels: readonly string[],
  vocabulary: readonly string[],
  files: readonly DatasetFile[],
): string {
  return fingerprint({
    recipe: fingerprinted(recipe),
    labels,
    vocabulary,
    files: files.map((file) => file.sha256),
  });
}

/**
 * Refuses data that is not what the run began with.
 *
 * @throws AdvError RUN_DIRECTORY that names the file and both checksums
 */
export function requireSameData(record: RunDataset, files: readonly DatasetFile[]): void {
  const describe = (list: readonly DatasetFile[]): string => list.map((file) => file.sha256).join();
  if (describe(record.files) === describe(files)) return;
  const place = files.findIndex((file, index) => file.sha256 !== record.files[index]?.sha256);
  const before = record.files[place];
  const now = files[place];
  const change =
    before && now
      ? `${now.name} had SHA-256 ${before.sha256} (${before.bytes} bytes) and now has ${now.sha256} (${now.bytes} bytes)`
      : `it had ${record.files.length} files and now has ${files.length}`;
  throw new AdvError(
    'RUN_DIRECTORY',
    `the data of ${record.name} changed since this run began: ${change}`,
    'Put the old data back, or begin a new run with the new data.',
  );
}

/**
 * Refuses to go on with texts that come out as other tokens than when the run began.
 *
 * @throws AdvError RUN_DIRECTORY
 */
export function requireSameTokens(record: RunDataset, data: Pick<RunData, 'tokensSha256'>): void {
  if (record.tokensSha256 === data.tokensSha256) return;
  throw new AdvError(
    'RUN_DIRECTORY',
    `the examples of ${record.name} come out as other tokens than when this run began`,
    'Another version of advnative tokenizes, splits or simulates otherwise: use the version that began the run, or begin a new one.',
  );
}
