import { writtenFlag } from '../base/option.js';
import { shellQuoted } from '../base/storage/shell-path.js';
import type { TrainOption } from './option.js';
import { trainOptions, type TrainOptions } from './table.js';

/** What `train` is told on a command line for these options, in the order of --help. */
export function trainArguments(options: TrainOptions): string[] {
  return Object.entries<TrainOption>(trainOptions).flatMap(([name, option]) => {
    const value = options[name as keyof TrainOptions];
    return value === undefined ? [] : [writtenOption(option, value)];
  });
}

/** The command that trains with these options, as a POSIX shell takes it. */
export const trainCommand = (options: TrainOptions): string =>
  ['npx advnative train', ...trainArguments(options)].join(' ');

function writtenOption(option: TrainOption, value: unknown): string {
  const flag = writtenFlag(option, value);
  return typeof value === 'boolean' ? flag : `${flag} ${shellQuoted(writtenValue(option, value))}`;
}

/** A value as the command line takes it: lists with commas, the two lengths of n-grams with a dash. */
export function writtenValue({ flag }: Pick<TrainOption, 'flag'>, value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.join(flag.includes('<min-max>') ? '-' : ',');
}
