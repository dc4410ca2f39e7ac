import { AdvError } from '../../errors.js';
import { takeLock } from '../../storage/lock.js';

/**
 * Runs something while no other process downloads to the same destination: two writers would mix their bytes.
 *
 * @throws AdvError DOWNLOAD when another living process holds the lock
 */
export async function withLock<Result>(destination: string, run: () => Promise<Result>): Promise<Result> {
  const lock = `${destination}.lock`;
  const release = await takeLock(
    lock,
    ({ pid, host }) =>
      new AdvError(
        'DOWNLOAD',
        `${destination} is being downloaded by process ${pid} on ${host}`,
        `Wait until it is done and run this again. If that process is surely gone, remove ${lock}.`,
      ),
  );
  try {
    return await run();
  } finally {
    await release();
  }
}
