import { isBlank } from '../blank.js';
import { linesOf } from '../lines.js';
import { defaultColumns, listNames } from './columns.js';
import type { Columns, FileRecord } from './record.js';
import { recordOf as typedRecordOf } from './values.js';

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
    else if (!isBlank(line.text)) yield recordOf(line.number, line.text, columns);
  }
}

function recordOf(number: number, line: string, columns: Columns): FileRecord {
  const value = parse(line);
  if (value === undefined) return { number, problem: 'no JSON, expected an object in one line' };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { number, problem: 'JSON that is no object, expected one object in each line' };
  }
  const missing = [columns.text, columns.label].find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) {
    return { number, problem: `no column '${missing}', its columns are: ${listNames(Object.keys(value))}` };
  }
  const members = value as Readonly<Record<string, unknown>>;
  return typedRecordOf(number, members[columns.text], members[columns.label], columns);
}

/** The value of a JSON text, or undefined, which no JSON text stands for. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
