import { at } from '../base/at.js';
import type { Random } from '../base/random.js';

/** How many ways there are to take `size` of `count` things; Infinity where that is no number. */
export function subsetCount(count: number, size: number): number {
  let ways = 1;
  for (let taken = 1; taken <= size; taken++) ways = (ways * (count - size + taken)) / taken;
  return Math.round(ways);
}

/** The sum of each subset of so many of the numbers. */
export function eachSubsetSum(values: Float64Array, size: number, visit: (sum: number) => void): void {
  const take = (from: number, left: number, sum: number): void => {
    if (left === 0) {
      visit(sum);
      return;
    }
    for (let place = from; place <= values.length - left; place++) {
      take(place + 1, left - 1, sum + at(values, place));
    }
  };
  take(0, size, 0);
}

/**
 * The sum of so many of the numbers, each subset as likely as another.
 *
 * @param places 0 to n − 1 in any order, which is shuffled
 */
export function randomSubsetSum(
  values: Float64Array,
  size: number,
  places: Int32Array,
  random: Random,
): number {
  random.shuffle(places);
  let sum = 0;
  for (let taken = 0; taken < size; taken++) sum += at(values, at(places, taken));
  return sum;
}
