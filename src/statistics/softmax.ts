import { sum } from './sum.js';

/**
 * Class probabilities, in double, from logits or from logarithms of any numbers that are proportional to them. The largest is taken
 * out first, so that no exponential overflows; where one is NaN, all are.
 *
 * @param logits [C]
 * @returns [C]
 */
export function softmax(logits: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(logits);
  const largest = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const powers = values.map((value) => Math.exp(value - largest));
  const total = sum(powers);
  return powers.map((power) => power / total);
}
