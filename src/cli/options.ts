import { Option } from 'commander';

/**
 * A number as typed. Text that is none stays text, so that the check of the option can say what it expected and what
 * came.
 */
export function numeric(typed: string): number {
  const value = Number(typed);
  return typed.trim() === '' || Number.isNaN(value) ? (typed as unknown as number) : value;
}

/** An option whose value is a number. */
export function numberOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(numeric);
}

/** An option whose value is a list with commas between. */
export function listOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((typed) => typed.split(',').map((part) => part.trim()));
}

/** Options of every command that prints a result. */
export const jsonOption = (): Option =>
  new Option('--json', 'print one JSON object on standard output and nothing else');
export const quietOption = (): Option => new Option('--quiet', 'no progress on standard error');

/** Options of every command that reads data. */
export const dataOptions = (): Option[] => [
  new Option(
    '--data-dir <dir>',
    'folder with the corpora (else ADVNATIVE_DATA, else the cache, else a download)',
  ),
  new Option('--on-malformed <what>', 'stop at a malformed line, or skip and report it (default: stop)'),
  new Option('--offline', 'never download'),
];

/** Indented examples to append to a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}
