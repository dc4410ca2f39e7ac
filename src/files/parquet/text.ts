import { isUtf8 } from 'node:buffer';
import { invalidText } from '../values.js';

/** The text of some bytes, or {@link invalidText} where they are not UTF-8. */
export function textFromBytes(bytes: Uint8Array): string | typeof invalidText {
  if (!isUtf8(bytes)) return invalidText;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
