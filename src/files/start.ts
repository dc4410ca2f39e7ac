const byteOrderMark = Buffer.from('\ufeff');

/** Bytes that a byte order mark of UTF-8 takes at the start of a file: some or none. */
export function lengthOfMark(start: Buffer): number {
  return start.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0;
}

/** How a text begins, less a byte order mark and white space; its characters are bytes, as many as needed to look for ASCII. */
export function textStart(start: Buffer): string {
  return start.toString('latin1', lengthOfMark(start)).trimStart();
}

/** Chunks from the start, until they hold `count` bytes or there are no more. */
export async function firstBytes(chunks: AsyncIterator<Buffer>, count: number): Promise<Buffer> {
  const taken: Buffer[] = [];
  let bytes = 0;
  while (bytes < count) {
    const next = await chunks.next();
    if (next.done) break;
    taken.push(next.value);
    bytes += next.value.length;
  }
  const [first] = taken;
  return taken.length === 1 && first !== undefined ? first : Buffer.concat(taken);
}

/** The same chunks, from some that have been taken on. */
export async function* continued(
  start: Buffer,
  chunks: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  yield start;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

/**
 * The same bytes, with another start.
 *
 * @param look receives the first `count` bytes or more, or all there are, and gives what is to stand in their place; it may throw
 */
export async function* withStart(
  bytes: AsyncGenerator<Buffer, void, undefined>,
  count: number,
  look: (start: Buffer) => Buffer,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* continued(look(await firstBytes(bytes, count)), bytes);
  } finally {
    await bytes.return();
  }
}

/** The same bytes less a byte order mark at their start. */
export function withoutMark(
  bytes: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  return withStart(bytes, byteOrderMark.length, (start) => start.subarray(lengthOfMark(start)));
}
