import { resolve } from 'node:path';
import { catalogue, openOwnData, type OwnDataFiles } from '../../datasets/catalogue.js';
import type { Dataset } from '../../datasets/types.js';
import { choiceName, dataArguments, type EpochChoice } from '../epochs/choice.js';

/** Where texts come from: for this package's command, and for the files that peers read. */
export interface QualitySource {
  /** As results name it. */
  readonly name: string;
  /** What `advnative train` is told of it. */
  readonly trainArguments: readonly string[];
  /**
   * Opens it with the splits that training with this seed has.
   *
   * @throws AdvError DATA_MISSING when its files are not here, and what reading it throws
   */
  open(seed: number, signal?: AbortSignal): Promise<Dataset>;
}

/** A dataset that has a name. Nothing is downloaded. */
export function namedSource(choice: EpochChoice): QualitySource {
  const { dataset, limit } = choice;
  return {
    name: choiceName(choice),
    trainArguments: dataArguments(choice),
    open: (seed, signal) => catalogue.open(dataset, { seed, limit, signal, offline: true }),
  };
}

/** Labelled files. */
export function ownSource(name: string, files: OwnDataFiles): QualitySource {
  const paths = Object.entries({ train: files.train, valid: files.valid, test: files.test });
  const given = paths.flatMap(([split, path]) =>
    path === undefined ? [] : [[split, resolve(path)] as const],
  );
  return {
    name,
    trainArguments: given.flatMap(([split, path]) => [`--${split}`, path]),
    open: (seed, signal) => openOwnData(files, { seed, signal }),
  };
}
