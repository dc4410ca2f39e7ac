import { listNames } from './columns.js';
import type { Columns, FileRecord } from './record.js';
import { typedRecord } from './values.js';

/**
 * The record that a JSON text stands for: an object whose members are the columns.
 *
 * @param expected what it should be, to follow "expected"
 */
export function jsonRecord(number: number, json: string, columns: Columns, expected: string): FileRecord {
  const value = parse(json);
  if (value === undefined) return { number, problem: `no JSON, expected ${expected}` };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { number, problem: `JSON that is no object, expected ${expected}` };
  }
  const missing = [columns.text, columns.label].find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) {
    return { number, problem: `no column '${missing}', its columns are: ${listNames(Object.keys(value))}` };
  }
  const members = value as Readonly<Record<string, unknown>>;
  return typedRecord(number, members[columns.text], members[columns.label], columns);
}

/** The value of a JSON text, or undefined, which no JSON text stands for. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
