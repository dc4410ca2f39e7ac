import { AdvError } from '../base/errors.js';
import { at } from '../base/at.js';

/**
 * Holm's correction of the p-values of several tests, such as those of a table (Holm 1979, "A simple sequentially rejective
 * multiple test procedure"): the i-th smallest of m becomes the largest so far of (m − i + 1)·p, at most 1. Rejecting where
 * the corrected p is below α keeps the chance of any false rejection at α, whatever the tests have to do with each other. The same as
 * R's p.adjust(method = "holm").
 *
 * @param ps p-values in [0, 1], in any order; all of the table's, also of tests that show nothing
 * @returns the corrected p-values in the same order, each in [0, 1] and not below its p
 * @throws AdvError USAGE when a p-value is not a number in [0, 1]
 */
export function holm(ps: readonly number[]): number[] {
  ps.forEach((p, place) => {
    if (p >= 0 && p <= 1) return;
    throw new AdvError('USAGE', `Holm's correction expects p-values in [0, 1], got ${p} at ${place}`);
  });
  const places = ps.map((_, place) => place).sort((one, other) => at(ps, one) - at(ps, other));
  const corrected = [...ps];
  let largest = 0;
  places.forEach((place, smaller) => {
    largest = Math.max(largest, Math.min(1, (ps.length - smaller) * at(ps, place)));
    corrected[place] = largest;
  });
  return corrected;
}
