import type { Rule } from '../base/rules.js';

/** The forms that a labelled file may have. */
export const dataFormats = ['tsv', 'csv', 'jsonl', 'json', 'parquet'] as const;

export type DataFormat = (typeof dataFormats)[number];

/** What can stand between the fields of CSV. A shell passes on the two characters that stand for a tab elsewhere. */
export const delimiterRule: Rule<string> = {
  expected: 'one ASCII character but a quote or a line break, such as ; or | or a tab',
  accepts: (value): value is string =>
    typeof value === 'string' && /^[\t\x20-\x7e]$/.test(value) && value !== '"',
  typed: (text) => (text === '\\t' ? '\t' : text),
};
