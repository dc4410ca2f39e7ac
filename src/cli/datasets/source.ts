import type { Option } from 'commander';
import type { InspectionSource } from '../../inspect/source.js';
import { pick } from '../../base/option.js';
import { formOptions } from '../../recipe/data-options.js';
import { trainOptions } from '../../recipe/table.js';
import { command, type AddCommand } from '../command.js';
import type { CommandContext } from '../context.js';
import type { SourceFlags } from './take-source.js';
import { formHelp, jsonOption, optionsOf, quietOption } from '../options.js';

/** Options that say which data is described or audited, as `train` has them. */
const sourceOptions = {
  ...pick(trainOptions, 'train', 'valid', 'test'),
  ...formOptions,
  ...pick(trainOptions, 'dataDir', 'offline', 'limit', 'seed', 'splitSeed'),
};
const told = {
  train: 'own training data in place of a name: TSV, CSV, JSONL, JSON or Parquet, see below',
  seed: 'seed of the draw and of the simulator (default: 1)',
  splitSeed: 'seed of splits that are drawn (default: 1)',
};

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
    options: [...optionsOf(sourceOptions, told), ...definition.options, jsonOption(), quietOption()],
    help: [formHelp, definition.help],
    action: async (context, flags: SourceFlags, name: string | undefined) => {
      const { takeSource } = await import('./take-source.js');
      const { source, options } = takeSource(name, flags);
      await definition.action(context, source, options as never);
    },
  });
}
