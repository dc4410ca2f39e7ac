import { AdvError } from '../base/errors.js';
import { isBlank } from '../text/blank.js';
import { encodingHint } from './encoding-hint.js';
import { linesOf, type Line } from './lines.js';
import { findColumns, nameColumnsHint, recordOfFields, type ColumnPlaces } from './columns.js';
import { defaultDelimiter, likelyDelimiters, writtenDelimiter } from './delimiter.js';
import { nameColumns } from './header.js';
import type { Columns, FileRecord, ReaderOptions } from './record.js';

/**
 * Streams tab-separated lines; there are no quotes and no escapes. Without `columns` a file has no header and its lines are
 * `text<TAB>label`; with them the first line names the columns, and every other line has as many fields. A line of nothing but
 * white space is empty, and none is the first.
 *
 * @throws AdvError as a {@link TextReader} does
 */
export async function* readTsv(
  bytes: AsyncIterable<Buffer>,
  file: string,
  columns: Columns | undefined,
  { onFirstLine }: ReaderOptions = {},
): AsyncGenerator<FileRecord, void, undefined> {
  let places: ColumnPlaces | undefined;
  let isFirst = true;
  for await (const line of linesOf(bytes)) {
    if ('text' in line && isBlank(line.text)) {
      yield { number: line.number, empty: true };
      continue;
    }
    if (columns !== undefined && places === undefined) places = headerOf(file, line, columns);
    else if ('problem' in line) yield line;
    else if (places !== undefined) yield recordOfFields(line.number, line.text.split('\t'), places);
    else {
      const record = pairOf(line.number, line.text, isFirst);
      if (isFirst && 'text' in record) onFirstLine?.(record);
      yield record;
    }
    isFirst = false;
  }
}

const headerHint = 'The first line must name the columns, with tabs between them.';

function headerOf(file: string, line: Line, columns: Columns): ColumnPlaces {
  if ('text' in line)
    return findColumns(file, line.text.split('\t'), columns, `${headerHint} ${nameColumnsHint}`);
  const { number, problem } = line;
  throw new AdvError(
    'DATA_MALFORMED',
    `${file}:${number}: ${problem}`,
    `${headerHint}${encodingHint(problem, file)}`,
  );
}

function pairOf(number: number, line: string, isFirst: boolean): FileRecord {
  const tab = line.indexOf('\t');
  if (tab >= 0) {
    const label = line.slice(tab + 1);
    if (!label.includes('\t')) return { number, text: line.slice(0, tab), label };
  }
  return { number, problem: problemOfPair(line, isFirst) };
}

function problemOfPair(line: string, isFirst: boolean): string {
  const fields = line.split('\t');
  const looks = isFirst ? describeLook(line, fields) : '';
  return fields.length === 1
    ? `no tab, expected text<TAB>label${looks}`
    : `${fields.length - 1} tabs, expected exactly one between text and label${looks}`;
}

/** What a first line that is no pair seems to be. */
function describeLook(line: string, fields: readonly string[]): string {
  if (nameColumns(fields))
    return '; it looks like a header, whose columns --text-column and --label-column name';
  const delimiter = likelyDelimiters.find((candidate) => nameColumns(line.split(candidate)));
  if (delimiter === undefined) return '';
  const option = delimiter === defaultDelimiter ? '' : ` --delimiter ${writtenDelimiter(delimiter)}`;
  return `; it looks like the header of a CSV file, which --format csv${option} reads`;
}
