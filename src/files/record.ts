import type { DataFormat } from './form.js';
import type { FirstLine } from './header.js';

/**
 * One record of a labelled file, numbered from 1: text and label as the file has them, or what is wrong with it in place of
 * both, or that it is wholly empty and no example. The number is that of the record's first line, or its place where a form has
 * no lines.
 */
export type FileRecord =
  | { readonly number: number; readonly text: string; readonly label: string }
  | { readonly number: number; readonly problem: string }
  | { readonly number: number; readonly empty: true };

/** Where a file names its texts and labels. */
export interface Columns {
  readonly text: string;
  readonly label: string;
}

/** How the user says that files are to be read; what is left out is known from each file. */
export interface DataForm {
  /** Else by how the file begins, where that can be one form only, and by its extension. */
  readonly format?: DataFormat | undefined;
  /** Column of the text, 'text' unless said otherwise. For TSV it also says that the file has a header. */
  readonly textColumn?: string | undefined;
  /** Column of the label, 'label' unless said otherwise. For TSV it also says that the file has a header. */
  readonly labelColumn?: string | undefined;
  /** The character between the fields of CSV, ',' unless said otherwise. */
  readonly delimiter?: string | undefined;
  /**
   * Whether the first line of TSV names the columns. Else it does where a column is named, and where none is, a first line that looks
   * like a header is refused.
   */
  readonly header?: boolean | undefined;
}

/** The part of some options that says how files are read. */
export function formOf({ format, textColumn, labelColumn, delimiter, header }: DataForm): DataForm {
  return { format, textColumn, labelColumn, delimiter, header };
}

/** The options that {@link formOf} takes. */
export const formOptionNames = [
  'format',
  'textColumn',
  'labelColumn',
  'delimiter',
  'header',
] as const satisfies readonly (keyof DataForm)[];

/** What only some readers of text ask for. */
export interface ReaderOptions {
  /** Between the fields of CSV. */
  readonly delimiter?: string | undefined;
  /** Is given the first line where a header cannot be told from data, before its record comes. It may throw. */
  readonly onFirstLine?: ((line: FirstLine) => void) | undefined;
}

/**
 * Streams the records of one form of text, in the order of the file and in memory that does not grow with it.
 *
 * @param bytes what the file holds, decompressed
 * @param file its name, for messages
 * @param columns undefined when the user named none
 * @throws AdvError, while iterating, what `bytes` and `onFirstLine` throw, and DATA_MALFORMED when a column is missing
 */
export type TextReader = (
  bytes: AsyncGenerator<Buffer, void, undefined>,
  file: string,
  columns: Columns | undefined,
  options?: ReaderOptions,
) => AsyncGenerator<FileRecord, void, undefined>;
