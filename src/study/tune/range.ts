import { AdvError } from '../../base/errors.js';
import { numeric } from '../../base/rules.js';
import { shownValue } from '../../base/shown.js';
import type { TrainOption } from '../../recipe/option.js';
import { trainOptions, type TrainOptions } from '../../recipe/table.js';

/** The name of an option of train(). */
export type OptionName = keyof TrainOptions;

/** The values that an option may have in a search. */
export interface Range {
  readonly name: OptionName;
  /** How many different ones there are; Infinity where they are numbers without steps. */
  readonly count: number;
  /** The value at a place of [0, 1): the same share of places has each value, or, of numbers, each part of the range or of its logarithm. */
  at(place: number): unknown;
}

/** Why some options of the network are no matter of a search. */
const fixed: Partial<Record<OptionName, string>> = {
  epochs: 'the search shares out the epochs itself: a trial stops early or has them all',
  patience: 'it does not change how good an epoch is',
  select: 'trials are compared by one criterion',
  loss: 'values of different losses cannot be compared',
};

/** The names of the options that may have a range. */
export const rangedNames = (Object.keys(trainOptions) as OptionName[]).filter(
  (name) => optionNamed(name)?.network === true && !(name in fixed),
);

/** The option as the command line calls it, without its dashes. */
export const writtenName = (name: OptionName): string =>
  optionNamed(name)?.flag.replace(/^--([\w-]+).*$/u, '$1') ?? name;

/** The option that the command line calls so; undefined for none. */
export const nameWritten = (written: string): OptionName | undefined =>
  (Object.keys(trainOptions) as OptionName[]).find((name) => writtenName(name) === written);

function optionNamed(name: string): TrainOption | undefined {
  return Object.hasOwn(trainOptions, name) ? trainOptions[name as OptionName] : undefined;
}

/**
 * Parses what an option may be: `from..to`, with `:log` behind it where each factor is as likely as the other, or values with commas between
 * them, each typed as the option itself. Values that are lists have slashes between them: `last/max,mean`.
 *
 * @param flag the option of the search that says so, for messages
 * @throws AdvError USAGE
 */
export function parseRange(flag: string, name: string, text: string): Range {
  const option = optionOf(flag, name);
  const [, from, to, scale] = /^(.+?)\.\.(.+?)(?::(log|linear))?$/u.exec(text.trim()) ?? [];
  if (from === undefined || to === undefined)
    return { name: name as OptionName, ...values(flag, option, text) };
  return { name: name as OptionName, ...interval(flag, option, [from, to], scale === 'log') };
}

/**
 * The values of a list without a range of numbers.
 *
 * @throws AdvError USAGE
 */
export function parseValues(flag: string, name: string, text: string): readonly unknown[] {
  const { list } = values(flag, optionOf(flag, name), text);
  return list;
}

interface Named extends TrainOption {
  readonly written: string;
}

function optionOf(flag: string, name: string): Named {
  const option = optionNamed(name);
  const why = fixed[name as OptionName];
  if (option !== undefined && why !== undefined) {
    throw new AdvError(
      'USAGE',
      `${flag}: ${writtenName(name as OptionName)} has no range: ${why}`,
      'Leave it out.',
    );
  }
  if (option?.network !== true) {
    const known = rangedNames.map(writtenName).join(', ');
    throw new AdvError(
      'USAGE',
      `${flag}: expected an option among ${known}, got '${name}'`,
      'Correct the name.',
    );
  }
  return { ...option, written: writtenName(name as OptionName) };
}

/** A value as it is typed; 'none' is what leaves the option's thing out, where it has such a flag. */
function valueOf({ rule, noHelp }: TrainOption, text: string): unknown {
  if (text === 'none' && noHelp !== undefined) return false;
  return rule.typed?.(text) ?? text;
}

function refuse(flag: string, { written, rule }: Named, what: string, got: unknown): AdvError {
  return new AdvError(
    'USAGE',
    `${flag} ${written}: expected ${what}, got ${shownValue(got)}`,
    `A range is ${written}=FROM..TO, ${written}=FROM..TO:log or values with commas; each value is ${rule.expected}.`,
  );
}

function values(
  flag: string,
  option: Named,
  text: string,
): Pick<Range, 'count' | 'at'> & { readonly list: readonly unknown[] } {
  // A comma within a value stands for itself where the option's own value is a list.
  const isList = Array.isArray(option.rule.typed?.('a,b'));
  const typed = text.split(isList ? '/' : ',').map((part) => valueOf(option, part.trim()));
  for (const value of typed) {
    if (value !== false && !option.rule.accepts(value)) {
      throw refuse(flag, option, option.rule.expected, value);
    }
  }
  const shown = new Set(typed.map((value) => JSON.stringify(value)));
  if (shown.size < typed.length || typed.length < 2) {
    throw refuse(flag, option, 'at least two different values', text);
  }
  const at = (place: number): unknown => typed[Math.floor(place * typed.length)];
  return { list: typed, count: typed.length, at };
}

function interval(
  flag: string,
  option: Named,
  ends: readonly [string, string],
  isLog: boolean,
): Pick<Range, 'count' | 'at'> {
  const [from, to] = ends.map(numeric);
  for (const end of [from, to]) {
    if (typeof end !== 'number') throw refuse(flag, option, 'numbers on both sides of ..', end);
    if (!option.rule.accepts(end)) throw refuse(flag, option, option.rule.expected, end);
  }
  const [low, high] = [from as number, to as number];
  if (!(low < high))
    throw refuse(
      flag,
      option,
      'a number on the left of .. that is below the one on its right',
      ends.join('..'),
    );
  if (isLog && !(low > 0)) throw refuse(flag, option, 'a range above 0 for :log', ends.join('..'));
  return takesFractions(option, low, high) ? reals(low, high, isLog) : integers(low, high, isLog);
}

/** Whether the option takes numbers between two integers. */
function takesFractions({ rule }: TrainOption, low: number, high: number): boolean {
  const middle = (low + high) / 2;
  return rule.accepts(Number.isInteger(middle) ? middle + 0.25 : middle);
}

/** A number between two, as far from them as a place is from 0 and 1. */
function between(low: number, high: number, isLog: boolean, place: number): number {
  return isLog ? low * (high / low) ** place : low + (high - low) * place;
}

/** Three digits: a command that people read, and no difference that could be measured. */
function reals(low: number, high: number, isLog: boolean): Pick<Range, 'count' | 'at'> {
  const at = (place: number): number =>
    Math.min(Math.max(Number(between(low, high, isLog, place).toPrecision(3)), low), high);
  return { count: Infinity, at };
}

function integers(low: number, high: number, isLog: boolean): Pick<Range, 'count' | 'at'> {
  // Half a step beyond both ends, so that these are as likely as what is between them.
  const at = (place: number): number =>
    Math.min(Math.max(Math.round(between(low - 0.5, high + 0.5, isLog, place)), low), high);
  return { count: high - low + 1, at };
}
