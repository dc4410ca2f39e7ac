import { Option, type Command } from 'commander';
import { refuseDataFile } from '../../datasets/definition/data-file.js';
import { namesFile } from '../../datasets/definition/file-name.js';
import type { InspectionSource } from '../../inspect/source.js';
import type { DataForm } from '../../files/record.js';
import { AdvError } from '../../base/errors.js';
import type { InputFile } from '../../training/output-file.js';
import { formHelp, formOptions, jsonOption, numberOption, quietOption } from '../options.js';

/** Own files as they are typed. */
export interface SourceFlags extends DataForm {
  readonly train?: string | undefined;
  readonly valid?: string | undefined;
  readonly test?: string | undefined;
}

/** Flags of every command that prints a result. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Options that say which data is described or audited, as `train` has them. */
const sourceOptions = (): Option[] => [
  new Option(
    '--train <file>',
    'own training data in place of a name: TSV, CSV, JSONL, JSON or Parquet, see below',
  ),
  new Option('--valid <file>', 'own validation data (default: a seeded tenth of --train)'),
  new Option('--test <file>', 'own test data'),
  ...formOptions(),
  new Option(
    '--data-dir <dir>',
    'folder with the corpora (else ADVNATIVE_DATA, else the cache, else a download)',
  ),
  new Option('--offline', 'never download'),
  numberOption('--limit <n>', 'training examples, balanced over classes (default: all)'),
  numberOption('--seed <n>', 'seed of the draw and of the simulator (default: 1)'),
  numberOption('--split-seed <n>', 'seed of splits that are drawn (default: 1)'),
];

/** Adds a command that looks at a dataset or at own files, with the options that say which, and `own` after them. */
export function addInspection(
  datasets: Command,
  name: string,
  description: string,
  own: readonly Option[],
): Command {
  const command = datasets
    .command(name)
    .description(description)
    .argument('[name]', 'a dataset, see `advnative datasets list`; or own files by --train');
  for (const option of [...sourceOptions(), ...own, jsonOption(), quietOption()]) command.addOption(option);
  return command.addHelpText('after', formHelp);
}

/**
 * The data that a command line names, and its other flags.
 *
 * @throws AdvError USAGE when it names none, or a dataset and files, or a file where a dataset is named
 */
export function takeSource<Flags extends SourceFlags>(
  name: string | undefined,
  flags: Flags,
): { source: InspectionSource; options: Omit<Flags, keyof SourceFlags> } {
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
