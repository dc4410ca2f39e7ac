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
