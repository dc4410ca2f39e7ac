import type { DataFormat } from './format.js';

/**
 * One record of a labelled file, numbered from 1: text and label as the file has them, or what is wrong with it in place of
 * both. The number is that of the record's first line, or of its row where a form has no lines.
 */
export type FileRecord =
  | { readonly number: number; readonly text: string; readonly label: string }
  | { readonly number: number; readonly problem: string };

/** Where a file names its texts and labels. */
export interface Columns {
  readonly text: string;
  readonly label: string;
}

/** How the user says that files are to be read; what is left out is known from each file. */
export interface DataForm {
  /** Else by the file's extension. */
  readonly format?: DataFormat | undefined;
  /** Column of the text, 'text' unless said otherwise. For TSV it also says that the file has a header. */
  readonly textColumn?: string | undefined;
  /** Column of the label, 'label' unless said otherwise. For TSV it also says that the file has a header. */
  readonly labelColumn?: string | undefined;
}

/**
 * Streams the records of one form of text, in the order of the file and in memory that does not grow with it.
 *
 * @param bytes what the file holds, decompressed
 * @param file its name, for messages
 * @param columns undefined when the user named none
 * @throws AdvError, while iterating, what `bytes` throws, and DATA_MALFORMED when a column is missing
 */
export type TextReader = (
  bytes: AsyncGenerator<Buffer, void, undefined>,
  file: string,
  columns: Columns | undefined,
) => AsyncGenerator<FileRecord, void, undefined>;
