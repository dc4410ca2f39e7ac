import { omit, type CommandOption, type OptionsOf } from '../../base/option.js';
import { integer, text, type Rule } from '../../base/rules.js';
import { trainOptions } from '../../recipe/table.js';
import { budgetRule } from './budget.js';
import { nameWritten, type OptionName } from './range.js';

/** Ranges by the name of the option in programs, each as {@link parseRange} takes it. */
export type Ranges = Readonly<Partial<Record<OptionName, string>>>;

const rangesRule: Rule<Ranges> = {
  expected:
    'NAME=FROM..TO, NAME=FROM..TO:log or NAME=VALUE,VALUE,…; in programs an object of these by the names of options',
  accepts: (value): value is Ranges =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length > 0 &&
    Object.values(value).every((range) => typeof range === 'string'),
  typed: (typed, before = {}) => {
    const [, name, range] = /^([^=]+)=(.*)$/su.exec(typed) ?? [];
    // Text that names nothing stays text, so that a message can show it.
    if (name === undefined || typeof before !== 'object') return name === undefined ? typed : before;
    return { ...before, [nameWritten(name.trim().replace(/^--/u, '')) ?? name]: range };
  },
};

/** Every option of tune(): its own, and those of train(), which hold for all trials. */
export const tuneOptions = {
  /** How long to search, such as '30m', or how many sets of options to try. */
  budget: {
    flag: '--budget <budget>',
    help: 'how long to search, such as 90s, 30m or 2h, or how many sets of options to try, such as 20',
    rule: budgetRule,
    hint: 'A number alone counts runs; a duration ends with s, m or h.',
  },
  /** What options may be, by their names. Default: ε, α, the dropout and the learning rate around what they are else, as far as the regime has them. */
  range: {
    flag: '--range <name=values>',
    help: 'what an option may be, see below; once for each option (default: epsilon, alpha, dropout-keep and lr, where the regime has them)',
    rule: rangesRule,
    hint: 'Such as epsilon=0.1..3:log, or hidden=32,64,128.',
  },
  /** Values of one or two options, all of which are trained whole with several seeds in place of a search. */
  sweep: {
    flag: '--sweep <name=values>',
    help: 'in place of a search, train each of these values whole with each seed; for one option or two',
    rule: rangesRule,
    hint: 'Such as epsilon=0.1..3:log, or hidden=32,64,128.',
  },
  /** Of a sweep: seeds from `seed` on. Default 3. */
  seeds: { flag: '--seeds <n>', help: 'seeds of each value of --sweep (default: 3)', rule: integer(1, 1000) },
  /** Folder of the search. Default 'tune'. */
  out: { flag: '--out <dir>', help: 'folder of the search (default: tune)', rule: text },
  /** Trials at a time, each in a process. Default 1. */
  jobs: {
    flag: '--jobs <k>',
    help: 'trials at a time; they share the threads (default: 1)',
    rule: integer(1, 256),
  },
  ...omit(trainOptions, 'out', 'resume'),
} as const satisfies Readonly<Record<string, CommandOption>>;

/** What tune() takes; everything but the budget, or a sweep, may be left out. */
export interface TuneOptions extends OptionsOf<typeof tuneOptions> {}
