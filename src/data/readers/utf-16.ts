import { AdvError } from '../../errors.js';
import { continued, firstBytes } from '../bytes.js';

/** Byte order marks of UTF-16, in the one order and in the other. */
const marks = [Buffer.of(0xff, 0xfe), Buffer.of(0xfe, 0xff)];
const markBytes = 2;

/**
 * The same bytes, unless they say of themselves that they are UTF-16: each line would be wrong, and none would say why.
 *
 * @param file its name, for messages
 * @throws AdvError, while iterating, DATA_MALFORMED when they begin with a mark of UTF-16, and what `bytes` throws
 */
export async function* withoutUtf16(
  bytes: AsyncGenerator<Buffer, void, undefined>,
  file: string,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    const start = await firstBytes(bytes, markBytes);
    if (marks.some((mark) => start.subarray(0, markBytes).equals(mark))) throw isUtf16(file, start);
    yield* continued(start, bytes);
  } finally {
    await bytes.return();
  }
}

function isUtf16(file: string, start: Buffer): AdvError {
  const mark = start.toString('hex', 0, markBytes).toUpperCase();
  return new AdvError(
    'DATA_MALFORMED',
    `${file}: expected UTF-8, got UTF-16 (it begins with the bytes ${mark.slice(0, 2)} ${mark.slice(2)})`,
    'Convert it first: iconv -f UTF-16 -t UTF-8 OLD > NEW',
  );
}
