import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { AdvError } from '../base/errors.js';
import { gunzip, isGzip } from './compression/gzip.js';
import type { Compression } from './compression/unpackers.js';
import { unzstd } from './compression/zstd.js';
import { isZstd } from './compression/zstd-frames.js';
import { unreadable } from './files.js';
import { nameOfContent, requireText } from './signatures.js';
import { continued, firstBytes } from './start.js';
import { withPauses } from '../base/streaming.js';

const byExtension: ReadonlyMap<string, Compression> = new Map([
  ['.gz', 'gzip'],
  ['.zst', 'zstd'],
]);

/** Bytes that tell how a file is compressed. */
const magicBytes = 4;

const chunkBytes = 1 << 18;

/** What a file's name says of its compression. */
export function compressionOfName(file: string): Compression | undefined {
  return byExtension.get(extname(file).toLowerCase());
}

/**
 * Streams the bytes of a text file in constant memory, decompressed when it is gzip or zstd. That is told by how it begins, whatever
 * its name; but a name that promises a compression is held to it.
 *
 * @throws AdvError, while iterating, DATA_MISSING when the file cannot be read; USAGE for zstd before Node 22.15; DATA_MALFORMED when it is not compressed as its
 * name promises, or is damaged or cut off, or is no text but an archive, a workbook or the like; INTERRUPTED soon after the signal has fired, however long a line or record is
 */
export async function* readBytes(
  file: string,
  signal?: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const stream = createReadStream(file, { highWaterMark: chunkBytes, signal });
  try {
    const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const start = await firstBytes(chunks, magicBytes);
    const compression = isGzip(start) ? 'gzip' : isZstd(start) ? 'zstd' : undefined;
    requireAsNamed(file, compression, start);
    const bytes = decompressed(continued(start, chunks), compression, file);
    yield* withPauses(requireText(bytes, file, compression), signal);
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    stream.destroy();
  }
}

function decompressed(
  bytes: AsyncGenerator<Buffer, void, undefined>,
  compression: Compression | undefined,
  file: string,
): AsyncGenerator<Buffer, void, undefined> {
  switch (compression) {
    case 'gzip':
      return gunzip(bytes, file);
    case 'zstd':
      return unzstd(bytes, file);
    default:
      return bytes;
  }
}

function requireAsNamed(file: string, compression: Compression | undefined, start: Buffer): void {
  const named = compressionOfName(file);
  if (named === undefined || named === compression) return;
  const found = compression ?? nameOfContent(start);
  throw new AdvError(
    'DATA_MALFORMED',
    `${file}: expected ${named} data because of its name, got ${found ?? 'data that is not compressed, or damaged'}`,
    'Give the file a name that fits its content, or copy or download it again.',
  );
}
