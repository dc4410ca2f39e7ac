import { AdvError } from '../errors.js';
import { shellQuoted } from '../storage/shell-path.js';
import { continued, firstBytes } from './chunks.js';

/** Bytes in which a line ends, if the file has lines. */
export const lineEndBytes = 1 << 16;

/**
 * Refuses the line ends of old Macintosh programs: the whole file would be one line, and nothing would say why.
 *
 * @param start at least the first {@link lineEndBytes} of the file, or all of it
 * @throws AdvError DATA_MALFORMED when a CR ends lines there and no LF does
 */
export function requireLineFeeds(start: Buffer, file: string): void {
  if (start.includes('\n')) return;
  const first = start.indexOf('\r');
  if (first < 0 || first === start.length - 1) return;
  throw new AdvError(
    'DATA_MALFORMED',
    `${file}: expected lines that end with LF or CRLF, got CR alone at byte ${first + 1} and no LF`,
    `Programs of old Macintosh computers end lines so. Convert it first: tr '\\r' '\\n' < ${shellQuoted(file)} > NEW`,
  );
}

/** The same bytes, checked by {@link requireLineFeeds}. */
export async function* withLineFeeds(
  bytes: AsyncGenerator<Buffer, void, undefined>,
  file: string,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    const start = await firstBytes(bytes, lineEndBytes);
    requireLineFeeds(start, file);
    yield* continued(start, bytes);
  } finally {
    await bytes.return();
  }
}
