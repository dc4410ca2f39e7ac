/** A path or URL as a POSIX shell takes it in a command that is printed for people. */
export function shellQuoted(path: string): string {
  return /^[\w./@:+,-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
