import type { Columns, FileRecord } from './record.js';

/** Stands for a text whose bytes are not UTF-8. */
export const invalidText = Symbol('invalid UTF-8');

/**
 * The record of a row whose values have types: a text must be a string; a label may be a string, a number or a boolean, which
 * become their string.
 */
export function recordOf(number: number, text: unknown, label: unknown, columns: Columns): FileRecord {
  if (!isText(text)) {
    return { number, problem: `${kindOf(text)} in column '${columns.text}', expected a text` };
  }
  const written = labelOf(label);
  if (written !== undefined) return { number, text, label: written };
  const problem = `${kindOf(label)} in column '${columns.label}', expected a string, number or boolean as label`;
  return { number, problem };
}

/** A string that can be written as UTF-8: no half of a surrogate pair stands alone. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed();
}

/**
 * A label as a string. An integer beyond 2^53 is none: other integers may have become the same number on the way here, and
 * two classes one.
 */
function labelOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return isText(value) ? value : undefined;
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'number':
      return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : undefined;
    default:
      return undefined;
  }
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (value === invalidText) return 'invalid UTF-8';
  if (typeof value === 'string') return 'half of a surrogate pair';
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean' || typeof value === 'bigint') return `a ${typeof value}`;
  return Array.isArray(value) ? 'a list' : 'an object';
}
