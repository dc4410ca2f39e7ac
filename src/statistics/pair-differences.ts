import { AdvError } from '../base/errors.js';
import { finiteAt } from './finite.js';

/**
 * The differences a − b of pairs.
 *
 * @param test what asks for them, for the messages: 'a paired t-test'
 * @param a of the first model
 * @param b of the second one, in the same order
 * @returns at least two, finite
 * @throws AdvError USAGE when the lengths differ, there are fewer than 2 pairs or a value or difference is not finite
 */
export function pairDifferences(test: string, a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  if (a.length !== b.length) {
    throw new AdvError(
      'USAGE',
      `${test} expects as many values of a as of b, got ${a.length} and ${b.length}`,
      "Take both models' values on the same examples, or with the same seeds.",
    );
  }
  if (a.length < 2) {
    throw new AdvError(
      'USAGE',
      `${test} expects at least 2 pairs, got ${a.length}`,
      'Test both models on more examples, or with more seeds.',
    );
  }
  return Float64Array.from({ length: a.length }, (_, place) => {
    const difference = finiteAt(test, a, place, 'a') - finiteAt(test, b, place, 'b');
    if (Number.isFinite(difference)) return difference;
    throw new AdvError('USAGE', `a[${place}] − b[${place}] is too large for a number`);
  });
}
