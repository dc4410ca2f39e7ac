import { AdvError } from '../../base/errors.js';
import { refuseDataFile } from '../../files/data-file.js';
import { namesFile } from '../../files/file-name.js';
import type { DataForm } from '../../files/record.js';
import type { InspectionSource } from '../../inspect/source.js';
import type { TrainOptions } from '../../recipe/table.js';
import type { InputFile } from '../../training/output-file.js';

/** Own files as they are typed. */
export type SourceFlags = Pick<TrainOptions, 'train' | 'valid' | 'test' | keyof DataForm>;

/**
 * The data that a command line names, and its other flags.
 *
 * @throws AdvError USAGE when it names none, or a dataset and files, or a file where a dataset is named
 */
export function takeSource(
  name: string | undefined,
  flags: SourceFlags,
): { source: InspectionSource; options: object } {
  const { train, valid, test, format, textColumn, labelColumn, delimiter, header, ...options } = flags;
  if (name !== undefined && train === undefined) refuseDataFile(name);
  const files = { valid, test, format, textColumn, labelColumn, delimiter, header };
  if (name !== undefined && [train, ...Object.values(files)].some((value) => value !== undefined)) {
    throw new AdvError(
      'USAGE',
      `expected either a dataset or own files, got '${name}' and options of own files`,
      'Leave one of them out.',
    );
  }
  if (name !== undefined) return { source: name, options };
  if (train === undefined) {
    throw new AdvError(
      'USAGE',
      'expected the name of a dataset or --train FILE, got neither',
      'See the names with: npx advnative datasets list',
    );
  }
  return { source: { train, ...files }, options };
}

/** The files that the data is read from, by the options that name them. */
export function filesOf(source: InspectionSource): InputFile[] {
  if (typeof source === 'string') {
    return [{ what: 'the dataset', path: namesFile(source) ? source : undefined }];
  }
  const { train, valid, test } = source;
  return [
    { what: '--train', path: train },
    { what: '--valid', path: valid },
    { what: '--test', path: test },
  ];
}
