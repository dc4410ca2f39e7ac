import type { Columns, FileRecord } from './record.js';

/** Stands for a text whose bytes are not UTF-8. */
export const invalidText = Symbol('invalid UTF-8');

/**
 * The record of a row whose values have types: a text must be a string; a label may be a string, a number or a boolean, which
 * become their string.
 */
export function typedRecord(number: number, text: unknown, label: unknown, columns: Columns): FileRecord {
  if (!isText(text)) {
    return { number, problem: `${kindOf(text)} in column '${columns.text}', expected a text` };
  }
  const problem = problemOfLabel(label, columns.label);
  return problem === undefined ? { number, text, label: String(label) } : { number, problem };
}

/** A string that can be written as UTF-8: no half of a surrogate pair stands alone. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed();
}

/**
 * Why a value cannot be a label. An integer beyond 2^53 cannot: other integers may have become the same number on the way here, and
 * two classes one.
 */
function problemOfLabel(value: unknown, column: string): string | undefined {
  if (isText(value) || typeof value === 'bigint' || typeof value === 'boolean') return undefined;
  if (typeof value !== 'number') {
    return `${kindOf(value)} in column '${column}', expected a string, number or boolean as label`;
  }
  const place = `in column '${column}'`;
  if (!Number.isFinite(value)) {
    return `${Number.isNaN(value) ? 'NaN, which is not a number,' : 'an infinite number'} ${place}, expected a finite number or a string as label`;
  }
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return undefined;
  return `a number ${place} is too large to be exact as a label: beyond 2^53 different ones are read as equal, so write them as strings`;
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (value === invalidText) return 'invalid UTF-8';
  if (typeof value === 'string') return 'half of a surrogate pair';
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean' || typeof value === 'bigint') return `a ${typeof value}`;
  return Array.isArray(value) ? 'a list' : 'an object';
}
