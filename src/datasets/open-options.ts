import { AdvError } from '../base/errors.js';
import { throwIfInterrupted } from '../base/streaming.js';
import type { OpenDatasetOptions } from './types.js';

/**
 * Checks the numbers that a caller without the compiler may get wrong, and the signal.
 *
 * @throws AdvError USAGE for a limit that is not a positive integer or a seed outside [0, 2^53), INTERRUPTED when the
 * signal has fired already
 */
export function checkOpenOptions({ limit, seed, splitSeed, signal }: OpenDatasetOptions): void {
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0)) {
    throw new AdvError(
      'USAGE',
      `limit: expected an integer of at least 1, got ${limit}`,
      'Use a larger --limit.',
    );
  }
  checkSeed('seed', seed);
  if (splitSeed !== undefined) checkSeed('split-seed', splitSeed);
  throwIfInterrupted(signal);
}

function checkSeed(name: string, seed: number): void {
  if (Number.isSafeInteger(seed) && seed >= 0) return;
  throw new AdvError(
    'USAGE',
    `${name}: expected an integer in [0, 2^53), got ${seed}`,
    `Use another --${name}.`,
  );
}
