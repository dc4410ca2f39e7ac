import { Option } from 'commander';
import type { InspectionSource } from '../../data/inspected-source.js';
import { AdvError } from '../../errors.js';
import { numberOption } from '../options.js';

/** Own files as they are typed. */
export interface SourceFlags {
  readonly train?: string | undefined;
  readonly valid?: string | undefined;
  readonly test?: string | undefined;
}

/** Options that say which data is described or audited, as `train` has them. */
export const sourceOptions = (): Option[] => [
  new Option('--train <file>', 'own training data in place of a name: a line an example, text<TAB>label'),
  new Option('--valid <file>', 'own validation data (default: a seeded tenth of --train)'),
  new Option('--test <file>', 'own test data'),
  new Option(
    '--data-dir <dir>',
    'folder with the corpora (else ADVNATIVE_DATA, else the cache, else a download)',
  ),
  new Option('--offline', 'never download'),
  numberOption('--limit <n>', 'training examples, balanced over classes (default: all)'),
  numberOption('--seed <n>', 'seed of the draw and of the simulator (default: 1)'),
];

/**
 * The data that a command line names.
 *
 * @throws AdvError USAGE when it names none, or a dataset and files
 */
export function sourceOf(name: string | undefined, { train, valid, test }: SourceFlags): InspectionSource {
  if (name !== undefined && [train, valid, test].some((file) => file !== undefined)) {
    throw new AdvError(
      'USAGE',
      `expected either a dataset or own files, got '${name}' and files`,
      'Leave one of them out.',
    );
  }
  if (name !== undefined) return name;
  if (train === undefined) {
    throw new AdvError(
      'USAGE',
      'expected the name of a dataset or --train FILE, got neither',
      'See the names with: npx advnative datasets list',
    );
  }
  return { train, valid, test };
}
