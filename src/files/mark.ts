const byteOrderMark = Buffer.from('\ufeff');

/** Bytes of UTF-8's byte order mark. */
export const markBytes = byteOrderMark.length;

/** Bytes that a byte order mark takes at the start of a file: some or none. */
export function lengthOfMark(start: Buffer): number {
  return start.subarray(0, markBytes).equals(byteOrderMark) ? markBytes : 0;
}
