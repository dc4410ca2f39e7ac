import { AdvError } from '../../errors.js';
import { isBlank } from '../blank.js';
import { linesOf, type Line } from '../lines.js';
import { findColumns, wrongCount, type ColumnPlaces } from './columns.js';
import type { Columns, FileRecord } from './record.js';

/**
 * Streams tab-separated lines; there are no quotes and no escapes. Without `columns` a file has no header and its lines are
 * `text<TAB>label`; with them the first line names the columns, and every other line has as many fields. The
 * last line may be blank.
 *
 * @throws AdvError as a {@link TextReader} does
 */
export async function* readTsv(
  bytes: AsyncIterable<Buffer>,
  file: string,
  columns: Columns | undefined,
): AsyncGenerator<FileRecord, void, undefined> {
  let places: ColumnPlaces | undefined;
  /** A blank line is wrong if another line follows: many a file ends with one. */
  let blank: FileRecord | undefined;
  for await (const line of linesOf(bytes)) {
    if (blank !== undefined) yield blank;
    blank = undefined;
    if (columns !== undefined && places === undefined) places = headerOf(file, line, columns);
    else if ('problem' in line) yield line;
    else if (isBlankLine(line.text)) blank = recordOf(line.number, line.text, places);
    else yield recordOf(line.number, line.text, places);
  }
}

const headerHint = 'The first line must name the columns, with tabs between them.';

function headerOf(file: string, line: Line, columns: Columns): ColumnPlaces {
  if ('text' in line) return findColumns(file, line.text.split('\t'), columns, headerHint);
  throw new AdvError('DATA_MALFORMED', `${file}:${line.number}: ${line.problem}`, headerHint);
}

function recordOf(number: number, line: string, places: ColumnPlaces | undefined): FileRecord {
  return places === undefined ? pairOf(number, line) : rowOf(number, line, places);
}

/** A line with tabs has fields, though all may be blank. */
function isBlankLine(line: string): boolean {
  return isBlank(line) && !line.includes('\t');
}

function pairOf(number: number, line: string): FileRecord {
  const tab = line.indexOf('\t');
  if (tab >= 0) {
    const label = line.slice(tab + 1);
    if (!label.includes('\t')) return { number, text: line.slice(0, tab), label };
  }
  return { number, problem: problemOfPair(line) };
}

function problemOfPair(line: string): string {
  if (isBlank(line)) return 'empty line, expected text<TAB>label';
  const tabs = line.split('\t').length - 1;
  return tabs === 0
    ? 'no tab, expected text<TAB>label'
    : `${tabs} tabs, expected exactly one between text and label`;
}

function rowOf(number: number, line: string, places: ColumnPlaces): FileRecord {
  const fields = line.split('\t');
  const text = fields[places.text];
  const label = fields[places.label];
  if (fields.length === places.count && text !== undefined && label !== undefined) {
    return { number, text, label };
  }
  return { number, problem: isBlank(line) ? 'empty line' : wrongCount(fields.length, places) };
}
