/** Between the fields of CSV where the user says nothing. */
export const defaultDelimiter = ',';

/** What other programs put between the fields, in the order in which it is looked for. */
export const likelyDelimiters: readonly string[] = [';', '\t', '|', ','];

/** A delimiter as a shell takes it. */
export function writtenDelimiter(delimiter: string): string {
  return delimiter === '\t' ? String.raw`'\t'` : `'${delimiter.replace("'", String.raw`'\''`)}'`;
}
