/** How a text begins, less a byte order mark and white space; its characters are bytes, as many as needed to look for ASCII. */
export function textStart(start: Buffer): string {
  return start
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
}
