import { Option } from 'commander';
import { withoutFlag, type CommandOption } from '../base/option.js';
import { numeric, type Rule } from '../base/rules.js';
import { defaultInWords, type TrainOption } from '../recipe/option.js';

/** Makes an option of the command line; its value goes by the library's name, and is checked by the library. */
function optionOf(name: string, flags: string, description: string, typed?: Rule['typed']): Option {
  const option = new Option(flags, description);
  option.attributeName = () => name;
  return typed === undefined ? option : option.argParser(typed);
}

/**
 * The options of a table as commander takes them, with their defaults in their help.
 *
 * @param told help, with the default, of options that mean something else here
 */
export function optionsOf(
  table: Readonly<Record<string, TrainOption>>,
  told: Readonly<Record<string, string>> = {},
): Option[] {
  return Object.entries(table).flatMap(([name, entry]) => {
    const { flag, help, noHelp, rule } = entry;
    const option = optionOf(name, flag, told[name] ?? help + inHelp(defaultInWords(entry)), rule.typed);
    return noHelp === undefined ? [option] : [option, optionOf(name, withoutFlag(flag), noHelp)];
  });
}

/** Options of a table that --help does not tell. */
export function hiddenOptionsOf(table: Readonly<Record<string, CommandOption>>): Option[] {
  return Object.entries(table).map(([name, { flag, rule }]) =>
    optionOf(name, flag, '', rule.typed).hideHelp(),
  );
}

const inHelp = (usual: string | undefined): string => (usual === undefined ? '' : ` (default: ${usual})`);

/** An option whose value is a number. */
export function numberOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(numeric);
}

/** Options of every command that prints a result. */
export const jsonOption = (what = 'one JSON object'): Option =>
  new Option('--json', `print ${what} on standard output and nothing else`);
export const quietOption = (): Option => new Option('--quiet', 'no progress on standard error');

/** What own files may be, to append to a command's help. */
export const formHelp = `
Own files are UTF-8, as they are or compressed with gzip or, from Node 22.15 on, zstd:
  .tsv, .txt        lines of text<TAB>label without a header; with --text-column, --label-column or
                    --header the first line names the columns
  .csv              RFC 4180, commas or what --delimiter says, the first record names the columns
  .jsonl, .ndjson   an object a line
  .json             an array of objects, or an object a line
  .parquet, .pq     one table, compressed inside
Parquet and JSON are also known by how they begin, whatever the name.
`;

/** Indented examples to append to a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}
