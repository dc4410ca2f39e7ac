import { AdvError } from '../base/errors.js';
import { shellQuoted } from '../base/storage/shell-path.js';
import { withStart } from './start.js';

/** Bytes in which a line ends, if the file has lines. */
export const lineEndBytes = 1 << 16;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Refuses the line ends of old Macintosh programs: the whole file would be one line, and nothing would say why.
 *
 * @param start at least the first {@link lineEndBytes} of the file, or all of it
 * @throws AdvError DATA_MALFORMED when a CR ends lines there and no LF does, but for one at the very end
 */
export function requireLineFeeds(start: Buffer, file: string): void {
  const end = lengthOfLine(start);
  if (start.subarray(0, end).includes('\n')) return;
  const first = start.indexOf('\r');
  if (first < 0 || first >= end) return;
  // Of a single line that ends with LF, one CR may be part.
  const isLine = start.at(-1) === lineFeed;
  if (isLine && !start.subarray(first + 1, end).includes('\r')) return;
  throw new AdvError(
    'DATA_MALFORMED',
    `${file}: expected lines that end with LF or CRLF, got CR alone at byte ${first + 1} and no LF${isLine ? ' but at the end' : ''}`,
    `Programs of old Macintosh computers end lines so. Convert it first: tr '\\r' '\\n' < ${shellQuoted(file)} > NEW`,
  );
}

/** Bytes of a text less the line break at its very end, which may be of any kind. */
function lengthOfLine(text: Buffer): number {
  const end = text.at(-1) === lineFeed ? text.length - 1 : text.length;
  return text[end - 1] === carriageReturn ? end - 1 : end;
}

/** The same bytes, checked by {@link requireLineFeeds}. */
export function withLineFeeds(
  bytes: AsyncGenerator<Buffer, void, undefined>,
  file: string,
): AsyncGenerator<Buffer, void, undefined> {
  return withStart(bytes, lineEndBytes, (start) => {
    requireLineFeeds(start, file);
    return start;
  });
}
