import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { damaged } from './damaged.js';

const chunkBytes = 1 << 16;

/** True for bytes that begin a gzip file. */
export function isGzip(start: Buffer): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/**
 * Decompresses gzip data of one member or several.
 *
 * @throws AdvError, while iterating, DATA_MALFORMED when it is damaged, cut off or followed by something else
 */
export async function* gunzip(
  bytes: AsyncIterable<Buffer>,
  file: string,
): AsyncGenerator<Buffer, void, undefined> {
  let given = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of bytes) {
      given += chunk.length;
      yield chunk;
    }
  };
  const unzip = createGunzip({ chunkSize: chunkBytes });
  try {
    // Errors reach the loop below, which is why none is taken here.
    yield* pipeline(Readable.from(counted()), unzip, () => undefined) as AsyncIterable<Buffer>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('Z_')) throw error;
    throw damaged(
      file,
      'gzip',
      code === 'Z_BUF_ERROR' ? 'an end before the end of the data' : message,
      error,
    );
  }
  // A member that begins with a zero byte ends the stream without an error.
  const left = given - unzip.bytesWritten;
  if (left > 0) throw damaged(file, 'gzip', 'something else behind the end of the data');
}
