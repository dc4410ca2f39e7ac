import { hash } from 'node:crypto';

/** 128 bits in hexadecimal: two different texts never share them in practice. */
const digits = 32;

/** What every {@link textHash} looks like. */
export const textHashForm = new RegExp(`^[0-9a-f]{${digits}}$`, 'u');

/**
 * A name of a text that does not tell the text: the first 32 hexadecimal digits of the SHA-256 of its UTF-8. It is that of
 * the text as the example has it, white space and composition of letters included, because a model may tell these
 * apart: texts with the same hash have the same loss.
 */
export function textHash(text: string): string {
  // In UTF-8 all lone surrogates would be the same.
  const content = text.isWellFormed() ? text : Buffer.from(text, 'utf16le');
  return hash('sha256', content, 'hex').slice(0, digits);
}
