import { isUtf8 } from 'node:buffer';
import type { AdvError } from './errors.js';

/**
 * The value that JSON means.
 *
 * @param content text, or the bytes of a file: JSON is UTF-8 (RFC 8259, Section 8.1), and other bytes would be replaced in silence
 * @throws what `refuse` makes of what is wrong
 */
export function parseJson(
  content: string | Buffer,
  refuse: (problem: string, cause?: unknown) => AdvError,
): unknown {
  if (typeof content !== 'string' && !isUtf8(content)) throw refuse('expected UTF-8, got other bytes');
  try {
    return JSON.parse(content.toString());
  } catch (error) {
    throw refuse(`expected JSON: ${(error as SyntaxError).message}`, error);
  }
}
