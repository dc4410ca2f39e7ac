import { AdvError } from '../base/errors.js';
import { withoutMark } from './start.js';
import { isText, longestLineBytes, problemOfText } from './lines.js';
import { defaultColumns } from './columns.js';
import { splitArray, type ArrayEnd, type JsonElement } from './json-elements.js';
import { jsonRecord } from './json-record.js';
import type { Columns, FileRecord } from './record.js';

/**
 * Streams the objects of a JSON array, in memory for one of them and a piece of the file; the columns are members of the objects. A record
 * is numbered by its place in the array, from 1, as all may stand in one line; what is wrong with it tells its line.
 *
 * @throws AdvError as a {@link TextReader} does, and DATA_MALFORMED when the array does not end, or not where the file does
 */
export async function* readJsonArray(
  bytes: AsyncGenerator<Buffer, void, undefined>,
  file: string,
  columns: Columns = defaultColumns,
): AsyncGenerator<FileRecord, void, undefined> {
  const elements = splitArray(withoutMark(bytes));
  let last: JsonElement | undefined;
  for (;;) {
    const next = await elements.next();
    if (next.done) {
      requireClosed(next.value, last, file);
      return;
    }
    last = next.value;
    yield elementRecord(last, columns);
  }
}

function elementRecord({ number, line, bytes }: JsonElement, columns: Columns): FileRecord {
  const record = read(number, bytes, columns);
  return 'problem' in record ? { number, problem: `${record.problem} (on line ${line})` } : record;
}

function read(number: number, bytes: Buffer | undefined, columns: Columns): FileRecord {
  if (bytes === undefined) return { number, problem: `longer than ${longestLineBytes} bytes` };
  if (!isText(bytes)) return { number, problem: problemOfText(bytes, 'record') };
  const json = bytes.toString();
  if (json.trim() === '') return { number, problem: 'nothing between two commas, expected an object' };
  return jsonRecord(number, json, columns, 'an object');
}

function requireClosed(end: ArrayEnd, last: JsonElement | undefined, file: string): void {
  if (end === 'closed') return;
  const where = last === undefined ? '' : ` behind record ${last.number}, which begins on line ${last.line}`;
  throw new AdvError(
    'DATA_MALFORMED',
    end === 'not closed'
      ? `${file}: expected a whole JSON array, got an end of the file${where}`
      : `${file}: expected nothing behind the JSON array, got something else${where}`,
    end === 'not closed'
      ? 'Copy, download or make the file again; or a quote or a bracket is not closed in the next record.'
      : 'A JSON file is one array of objects, or has an object in each line.',
  );
}
