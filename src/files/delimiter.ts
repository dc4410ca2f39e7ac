/** Between the fields of CSV where the user says nothing. */
export const defaultDelimiter = ',';

/** What a delimiter may be, to follow "expected". */
export const expectedDelimiter = 'one ASCII character but a quote or a line break, such as ; or | or a tab';

/** Whether a value can stand between the fields of CSV. */
export function isDelimiter(value: unknown): value is string {
  return typeof value === 'string' && /^[\t\x20-\x7e]$/.test(value) && value !== '"';
}

/** What other programs put between the fields, in the order in which it is looked for. */
export const likelyDelimiters: readonly string[] = [';', '\t', '|', ','];

/** A delimiter as a shell takes it. */
export function writtenDelimiter(delimiter: string): string {
  return delimiter === '\t' ? String.raw`'\t'` : `'${delimiter.replace("'", String.raw`'\''`)}'`;
}
