import { addAbortSignal, PassThrough, type Duplex, type Readable } from 'node:stream';

/** What gives pieces, and what undoes their compression. */
interface Packed {
  readonly source: Readable;
  /** Absent where nothing is compressed. */
  readonly unpacker?: Duplex | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Hands over the unpacked pieces of a stream, one after another, until the compression says that this was all: filling
 * may follow it. (A pipeline() would take the source that is left over then for an accident.)
 *
 * @throws what `take` throws, as it is, and the errors of the streams and the signal
 */
export async function forEachPiece(
  { source, unpacker = new PassThrough(), signal }: Packed,
  take: (piece: Buffer) => void,
): Promise<void> {
  const pieces = source.pipe(unpacker);
  source.once('error', (error) => pieces.destroy(error));
  if (signal !== undefined) addAbortSignal(signal, pieces);
  try {
    for await (const piece of pieces as AsyncIterable<Buffer>) take(piece);
  } finally {
    source.destroy();
    pieces.destroy();
  }
}
