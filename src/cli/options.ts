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
export const jsonOption = (what = 'one JSON object'): Option =>
  new Option('--json', `print ${what} on standard output and nothing else`);
export const quietOption = (): Option => new Option('--quiet', 'no progress on standard error');

/** Options of every command that reads own files. */
export const formOptions = (): Option[] => [
  new Option(
    '--format <format>',
    'tsv, csv, jsonl, json or parquet (default: by how each file begins and its extension, else tsv)',
  ),
  new Option('--text-column <name>', 'column of the text (default: text; TSV: no header)'),
  new Option('--label-column <name>', 'column of the label (default: label; TSV: no header)'),
  new Option(
    '--delimiter <character>',
    'between the fields of CSV, such as ; or \\t (default: a comma)',
  ).argParser(
    // A shell passes on the two characters that stand for a tab elsewhere.
    (typed) => (typed === '\\t' ? '\t' : typed),
  ),
  new Option('--header', 'TSV: the first line names the columns, as with a column option'),
  new Option('--no-header', 'TSV: the first line is an example, even if it looks like a header'),
];

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
