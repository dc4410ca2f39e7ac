import { checkOptions } from '../base/check-options.js';
import { pick } from '../base/option.js';
import { throwIfInterrupted } from '../base/streaming.js';
import { trainOptions } from '../recipe/table.js';
import type { OpenDatasetOptions } from './types.js';

const numbers = pick(trainOptions, 'limit', 'seed', 'splitSeed');

/**
 * Checks the numbers that a caller without the compiler may get wrong, and the signal.
 *
 * @throws AdvError USAGE for a number that train() would refuse, INTERRUPTED when the signal has fired already
 */
export function checkOpenOptions({ limit, seed, splitSeed, signal }: OpenDatasetOptions): void {
  // Here nothing stands in for a seed that is left out.
  checkOptions({ limit, seed: (seed as number | undefined) ?? null, splitSeed }, numbers);
  throwIfInterrupted(signal);
}
