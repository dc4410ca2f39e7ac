import { Readable, pipeline, type Duplex } from 'node:stream';
import zlib, { type ZlibOptions } from 'node:zlib';
import { AdvError } from '../../base/errors.js';
import { shellQuoted } from '../../base/storage/shell-path.js';
import { damaged } from './damaged.js';
import { unpackers } from './unpackers.js';
import { ZstdFrames, ZstdProblem, type FramePart } from './zstd-frames.js';

/** What Node's zlib has of zstd from 22.15 on; @types/node is that of Node 20, the oldest which runs this package. */
const { createZstdDecompress, zstdDecompressSync } = zlib as {
  readonly createZstdDecompress?: (options: ZlibOptions) => Duplex;
  readonly zstdDecompressSync?: (bytes: Buffer, options: ZlibOptions) => Buffer;
};

/** Whether this Node has zstd. */
export const hasZstd = createZstdDecompress !== undefined;

const chunkBytes = 1 << 16;

/** What zlib's errors mean where its own words are not those of a user. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['ZSTD_error_checksum_wrong', 'content whose checksum differs'],
  ['ZSTD_error_dstSize_tooSmall', 'more content than a header says'],
  ['ZSTD_error_dictionary_wrong', 'a frame that needs a dictionary'],
  ['ZSTD_error_frameParameter_windowTooLarge', 'a frame with a window above 128 MiB'],
]);

/**
 * Decompresses zstd data of one frame or several, in memory for a window and some blocks.
 *
 * @throws AdvError, while iterating, USAGE before Node 22.15; DATA_MALFORMED when it is damaged, cut off, or needs a dictionary or a
 * window above 128 MiB
 */
export async function* unzstd(
  bytes: AsyncIterable<Buffer>,
  file: string,
): AsyncGenerator<Buffer, void, undefined> {
  if (createZstdDecompress === undefined) throw lacksZstd(file);
  const parts = partsOfFrames(bytes);
  try {
    for (let first = await parts.next(); !first.done; first = await parts.next()) {
      const unzip = createZstdDecompress({ chunkSize: chunkBytes });
      const frame = Readable.from(bytesOfFrame(first.value, parts));
      let found = 0;
      // Errors reach this loop, which is why none is taken here.
      for await (const content of pipeline(frame, unzip, () => undefined) as AsyncIterable<Buffer>) {
        found += content.length;
        yield content;
      }
      requireContent(first.value, found);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isDamage = error instanceof ZstdProblem || code?.startsWith('ZSTD_error_');
    throw isDamage ? damaged(file, 'zstd', reasons.get(code ?? '') ?? message, error) : error;
  } finally {
    await parts.return();
  }
}

/**
 * Decompresses whole zstd data at once.
 *
 * @param most bytes that it may become
 * @throws Error, of zlib, when it is damaged, or more than that; ZstdProblem when it is cut off or something stands behind it
 */
export function unzstdWhole(bytes: Buffer, most: number): Buffer {
  if (zstdDecompressSync === undefined)
    throw new ZstdProblem(`zstd data, which Node ${process.versions.node} lacks`);
  const frames = new ZstdFrames();
  const whole = [...frames.push(bytes)];
  frames.finish();
  const contents = whole.map((frame) => {
    const content = zstdDecompressSync(frame.bytes, { maxOutputLength: most });
    requireContent(frame, content.length);
    return content;
  });
  return Buffer.concat(contents);
}

function requireContent({ content }: FramePart, found: number): void {
  if (content === undefined || content === found) return;
  throw new ZstdProblem(`${found} bytes of content where the header says ${content}`);
}

async function* partsOfFrames(bytes: AsyncIterable<Buffer>): AsyncGenerator<FramePart, void, undefined> {
  const frames = new ZstdFrames();
  for await (const chunk of bytes) yield* frames.push(chunk);
  frames.finish();
}

/** A frame from its first part to its last, of which those behind the first are taken. */
async function* bytesOfFrame(
  first: FramePart,
  parts: AsyncGenerator<FramePart, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  yield first.bytes;
  for (let { ends } = first; !ends;) {
    const next = await parts.next();
    if (next.done) return;
    yield next.value.bytes;
    ({ ends } = next.value);
  }
}

function lacksZstd(file: string): AdvError {
  return new AdvError(
    'USAGE',
    `${file}: expected Node 22.15 or newer for zstd data, got Node ${process.versions.node}`,
    `Use a newer Node, or decompress the file first: ${unpackers.zstd} < ${shellQuoted(file)} > NEW`,
  );
}
