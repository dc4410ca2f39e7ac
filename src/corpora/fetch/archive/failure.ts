/** An archive that is damaged, of another kind or dangerous; the message says what is wrong with it. */
export class ArchiveFailure extends Error {
  /** What came in place of an archive, such as a page that says so: told by its beginning. */
  static otherKind(expected: string, start: Buffer): ArchiveFailure {
    const beginning = start.toString('latin1', 0, 24).replace(/\0+$/, '');
    return new ArchiveFailure(`it is no ${expected} archive, it begins with ${shown(beginning)}`);
  }
}

/** Text from an archive in a message: quoted, not endless, and with nothing in it that a terminal obeys. */
export function shown(text: string): string {
  const short = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  return JSON.stringify(short).replace(
    /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
