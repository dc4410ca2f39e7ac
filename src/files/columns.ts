import { AdvError } from '../base/errors.js';
import { at } from '../base/at.js';
import type { Columns, DataForm, FileRecord } from './record.js';

/** Names of the columns where the user gives none. */
export const defaultColumns: Columns = { text: 'text', label: 'label' };

/** What to do about a header that has other names. */
export const nameColumnsHint =
  'Say which columns hold texts and labels with --text-column NAME and --label-column NAME.';

const namesShown = 20;

/**
 * The columns that hold texts and labels.
 *
 * @returns undefined when the user named neither, and did not say that TSV has a header
 * @throws AdvError USAGE when both are the same, or TSV that has no header should have columns
 */
export function columnsOf({ textColumn, labelColumn, header }: DataForm): Columns | undefined {
  const named = textColumn !== undefined || labelColumn !== undefined;
  if (named && header === false) {
    throw new AdvError(
      'USAGE',
      `expected either --no-header or ${textColumn === undefined ? '--label-column' : '--text-column'}, got both`,
      'Columns are named by a header: leave one of them out.',
    );
  }
  if (!named && header !== true) return undefined;
  const text = textColumn ?? defaultColumns.text;
  const label = labelColumn ?? defaultColumns.label;
  if (text !== label) return { text, label };
  throw new AdvError(
    'USAGE',
    `expected different columns for texts and labels, got '${text}' for both`,
    `Without --text-column it is '${defaultColumns.text}', without --label-column '${defaultColumns.label}'.`,
  );
}

/** The places of both columns in a file's header. */
export interface ColumnPlaces {
  readonly text: number;
  readonly label: number;
  /** Number of columns in all. */
  readonly count: number;
}

/**
 * Finds both columns in a header.
 *
 * @param hint what to do when a column is missing
 * @throws AdvError DATA_MALFORMED that lists the columns there are, when one is missing or occurs twice
 */
export function findColumns(
  file: string,
  header: readonly string[],
  columns: Columns,
  hint: string,
): ColumnPlaces {
  return {
    text: placeOf(file, header, columns.text, hint),
    label: placeOf(file, header, columns.label, hint),
    count: header.length,
  };
}

/** The record of a row, which must have as many fields as the header. */
export function recordOfFields(number: number, fields: readonly string[], places: ColumnPlaces): FileRecord {
  const [text, label] = [fields[places.text], fields[places.label]];
  if (fields.length === places.count && text !== undefined && label !== undefined) {
    return { number, text, label };
  }
  const found = `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}`;
  return { number, problem: `${found}, expected ${places.count} as in the header` };
}

/** Names as a message shows them: all, or the first of many. */
export function listNames(names: readonly string[]): string {
  const more = names.length > namesShown ? `, … (${names.length} in all)` : '';
  return names.length === 0 ? 'none' : names.slice(0, namesShown).map(shortened).join(', ') + more;
}

function placeOf(file: string, header: readonly string[], wanted: string, hint: string): number {
  const places = header.flatMap((name, place) => (name.trim() === wanted ? [place] : []));
  if (places.length === 1) return at(places, 0);
  const found = places.length === 0 ? 'none of that name' : `${places.length} of that name`;
  throw new AdvError(
    'DATA_MALFORMED',
    `${file}: expected a column '${wanted}', got ${found}; its columns are: ${listNames(header)}`,
    hint,
  );
}

/** A name that fits a message: what was taken for a header or a label may be anything. */
export function shortened(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}
