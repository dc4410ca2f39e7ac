import { damaged } from './damaged.js';
import { ZstdFrames } from './zstd/frames.js';
import { ZstdProblem } from './zstd/problem.js';

/**
 * Decompresses zstd data of one frame or several, in memory for a window and some blocks.
 *
 * @throws AdvError, while iterating, DATA_MALFORMED when it is damaged, cut off, or needs a dictionary or a window above
 * 128 MiB
 */
export async function* unzstd(
  bytes: AsyncIterable<Buffer>,
  file: string,
): AsyncGenerator<Buffer, void, undefined> {
  const frames = new ZstdFrames();
  try {
    for await (const chunk of bytes) yield* frames.push(chunk);
    frames.finish();
  } catch (error) {
    throw error instanceof ZstdProblem ? damaged(file, 'zstd', error.message, error) : error;
  }
}
