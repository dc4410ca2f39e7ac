import type { Rule } from './rules.js';

/** One option of a command: what it is called, what it may be and what it does, for the command line, the library and messages. */
export interface CommandOption<Value = unknown> {
  /** As the command line takes it, such as `--lr <x>`. */
  readonly flag: string;
  /** What it does, for --help and the reference; left out where a command tells it itself. */
  readonly help?: string;
  /** What the option's `--no-…` does, where there is one; it stands for `false`, which the rule need not accept. */
  readonly noHelp?: string;
  readonly rule: Rule<Value>;
  /** What to do about a wrong value. */
  readonly hint?: string;
}

type ValueOf<Of> =
  | (Of extends { readonly rule: Rule<infer Value> } ? Value : never)
  | (Of extends { readonly noHelp: string } ? false : never);

/** What a function takes that has these options: each may be left out. */
export type OptionsOf<Table> = { readonly [Name in keyof Table]?: ValueOf<Table[Name]> | undefined };

/** The option as messages name it: `--lr`, `--header or --no-header`; by its value alone where it takes one, as `--ngrams`. */
export function flagOf({ flag, noHelp }: CommandOption): string {
  const takesValue = flag.includes(' ');
  return noHelp === undefined || takesValue ? nameOf(flag) : `${flag} or ${withoutFlag(flag)}`;
}

const nameOf = (flag: string): string => flag.split(' ')[0] ?? flag;

/** The option as the user wrote it for a value: `--no-header` for false, where there is that. */
export const writtenFlag = ({ flag, noHelp }: CommandOption, value: unknown): string =>
  value === false && noHelp !== undefined ? withoutFlag(flag) : nameOf(flag);

/** The flag that leaves out what an option asks for. */
export const withoutFlag = (flag: string): string => nameOf(flag).replace('--', '--no-');

/** Some entries of a table. */
export function pick<Table extends object, Name extends keyof Table>(
  table: Table,
  ...names: readonly Name[]
): Pick<Table, Name> {
  return Object.fromEntries(names.map((name) => [name, table[name]])) as Pick<Table, Name>;
}

/** A table without some of its entries. */
export function omit<Table extends object, Name extends keyof Table>(
  table: Table,
  ...names: readonly Name[]
): Omit<Table, Name> {
  const left = Object.entries(table).filter(([name]) => !(names as readonly string[]).includes(name));
  return Object.fromEntries(left) as unknown as Omit<Table, Name>;
}
