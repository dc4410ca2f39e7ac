import { pick, type OptionsOf } from '../base/option.js';
import { choice, flag, integer, list, repeated, text, type Rule } from '../base/rules.js';
import type { TrainOption } from '../recipe/option.js';
import { trainOptions } from '../recipe/table.js';
import { studyColumns } from './paper-rows.js';

const shardRule: Rule<string> = {
  expected: 'i/n with i from 1 to n, such as 2/8',
  accepts: (value): value is string => typeof value === 'string' && shardOf(value) !== undefined,
};

/** Options of sbatch that the launcher sets or relies on. */
const launchersOwn = [
  ...[
    'array',
    'chdir',
    'clusters',
    'cpus-per-task',
    'error',
    'no-requeue',
    'open-mode',
    'output',
    'parsable',
  ],
  ...['requeue', 'signal', 'test-only', 'wait', 'wrap'],
];

const sbatchRule: Rule<readonly string[]> = {
  ...repeated('options'),
  expected: `options of sbatch as --name=value or --name, without ${launchersOwn.map((name) => `--${name}`).join(', ')}`,
  accepts: (value): value is string[] =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => typeof one === 'string' && isSbatchOption(one)),
};

function isSbatchOption(written: string): boolean {
  const [, name] = /^--([a-z][a-z\d-]*)(?:=[^\0\r\n]+)?$/u.exec(written) ?? [];
  return name !== undefined && !launchersOwn.includes(name);
}

/** Options that say what a study is, where it has no plan yet. */
const planOptions = {
  preset: {
    flag: '--preset <preset>',
    help: 'paper or best',
    defaultWords: 'paper',
    rule: choice('paper', 'best'),
  },
  /** Runs of seeds 1 to N. */
  seeds: {
    flag: '--seeds <n>',
    help: 'runs of each row and column, of seeds 1 to n',
    defaultWords: '5',
    rule: integer(1, 1000),
  },
  columns: {
    flag: '--columns <list>',
    help: `of ${studyColumns.join(', ')}`,
    defaultWords: 'all',
    rule: list('names of columns'),
  },
  sizes: { flag: '--sizes <list>', help: 'of big, small', defaultWords: 'big', rule: list('sizes') },
  plan: {
    flag: '--plan <file>',
    help: 'a plan of your own in place of these options and rows',
    rule: text,
  },
} as const satisfies Readonly<Record<string, TrainOption>>;

/** Options that say how a study is carried out here. */
const workOptions = {
  /** Folder of the study. */
  out: { flag: '--out <dir>', help: 'folder of the study', defaultWords: 'study', rule: text },
  /** Runs at a time, each in a process. */
  jobs: {
    flag: '--jobs <k>',
    help: 'runs at a time; they share the threads',
    defaultWords: '1',
    rule: integer(1, 256),
  },
  /** What stays of a finished run. */
  keep: {
    flag: '--keep <parts>',
    help: 'of finished runs: results, models or all',
    defaultWords: 'results',
    rule: choice('results', 'models', 'all'),
  },
  /** Try runs once more that failed. */
  retry: { flag: '--retry', help: 'try runs that failed once more', rule: flag },
  shard: {
    flag: '--shard <i/n>',
    help: 'carry out every n-th run, from the i-th on',
    rule: shardRule,
  },
  /** Let jobs of a batch system carry out the runs: `jobs` tasks, each with `threads` processors, 1 by default. */
  launcher: {
    flag: '--launcher <system>',
    help: 'slurm: let a job array carry out the runs, and wait for it',
    rule: choice('slurm'),
  },
  /** Options of sbatch in its long form, such as '--partition=long'; each is a line of the job script. */
  slurm: {
    flag: '--slurm <option>',
    help: 'an option of sbatch, such as --partition=long; may be given several times',
    rule: sbatchRule,
  },
} as const satisfies Readonly<Record<string, TrainOption>>;

/** Every option of `reproduce`. */
export const reproduceFlags = {
  ...planOptions,
  ...workOptions,
  ...pick(trainOptions, 'threads', 'dataDir', 'offline'),
} as const;

/** Every option of reproduce(): the rows, which are no flag, and those. */
export const reproduceOptions = {
  /** Rows by name; all where there is no plan, and of the plan where there is one. */
  rows: { flag: 'ROW', rule: list('names of rows') },
  ...reproduceFlags,
} as const;

/** What reproduce() takes; everything may be left out. */
export interface ReproduceOptions extends OptionsOf<typeof reproduceOptions> {}

/** The part of all runs that is this process's: every n-th, from the i-th on. */
export interface Shard {
  readonly first: number;
  readonly of: number;
}

/** @returns the part that '2/8' names; undefined where it names none */
export function shardOf(written: string): Shard | undefined {
  const [, first, of] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/u.exec(written) ?? [];
  const shard = { first: Number(first) - 1, of: Number(of) };
  return shard.first < shard.of ? shard : undefined;
}
