import { isBlank } from '../text/blank.js';
import { linesOf } from './lines.js';
import { defaultColumns } from './columns.js';
import { jsonRecord } from './json-record.js';
import type { Columns, FileRecord } from './record.js';

/**
 * Streams lines of which each is a JSON object; the columns are members of the object. Blank lines are left out.
 *
 * @throws AdvError as a {@link TextReader} does
 */
export async function* readJsonl(
  bytes: AsyncIterable<Buffer>,
  _file: string,
  columns: Columns = defaultColumns,
): AsyncGenerator<FileRecord, void, undefined> {
  for await (const line of linesOf(bytes)) {
    if ('problem' in line) yield line;
    else if (!isBlank(line.text)) yield jsonRecord(line.number, line.text, columns, expectedIn(line.text));
  }
}

function expectedIn(line: string): string {
  // An object that takes several lines is JSON, but no record of this form.
  return /^\s*\{\s*$/.test(line)
    ? 'a whole object in each line, or an array of objects'
    : 'one object in each line';
}
