import { Option } from 'commander';
import { refuseDataFile } from '../../files/data-file.js';
import { namesFile } from '../../files/file-name.js';
import type { InspectionSource } from '../../inspect/source.js';
import type { DataForm } from '../../files/record.js';
import { AdvError } from '../../base/errors.js';
import type { InputFile } from '../../training/output-file.js';
import { command, type AddCommand } from '../command.js';
import type { CommandContext } from '../context.js';
import { formHelp, formOptions, jsonOption, numberOption, quietOption } from '../options.js';

/** Own files as they are typed. */
interface SourceFlags extends DataForm {
  readonly train?: string | undefined;
  readonly valid?: string | undefined;
  readonly test?: string | undefined;
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

/** A command that looks at a dataset or at own files: the options that say which data it is come before its own. */
export function inspection(definition: {
  readonly name: string;
  readonly description: string;
  readonly options: readonly Option[];
  readonly help: string;
  readonly examples: readonly string[];
  /** Takes the flags that its options and those of the data make. */
  readonly action: (context: CommandContext, source: InspectionSource, flags: never) => Promise<void>;
}): AddCommand {
  return command({
    ...definition,
    arguments: { '[name]': 'a dataset, see `advnative datasets list`; or own files by --train' },
    options: [...sourceOptions(), ...definition.options, jsonOption(), quietOption()],
    help: [formHelp, definition.help],
    action: async (context, flags: SourceFlags, name: string | undefined) => {
      const { source, options } = takeSource(name, flags);
      await definition.action(context, source, options as never);
    },
  });
}

/**
 * The data that a command line names, and its other flags.
 *
 * @throws AdvError USAGE when it names none, or a dataset and files, or a file where a dataset is named
 */
function takeSource(
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
