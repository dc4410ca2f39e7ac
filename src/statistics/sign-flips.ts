import { at } from '../base/at.js';
import type { Random } from '../base/random.js';

/** Sums of some numbers, each with either sign: all 2^n ways, for n of at most 31. */
export function eachFlippedSum(values: Float64Array, visit: (sum: number) => void): void {
  const ways = 2 ** values.length;
  for (let signs = 0; signs < ways; signs++) visit(flippedSum(values, () => signs));
}

/** A sum of some numbers, each with either sign, one as likely as the other. */
export const randomlyFlippedSum = (values: Float64Array, random: Random): number =>
  flippedSum(values, () => random.below(2 ** 32));

/** @param nextSigns gives 32 bits for the next 32 numbers, the first in the lowest; a bit that is set turns its number's sign */
function flippedSum(values: Float64Array, nextSigns: () => number): number {
  let sum = 0;
  for (let place = 0, signs = 0; place < values.length; place++, signs >>>= 1) {
    if (place % 32 === 0) signs = nextSigns();
    sum += (signs & 1) === 1 ? -at(values, place) : at(values, place);
  }
  return sum;
}
