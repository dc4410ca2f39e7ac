import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { at } from './at.js';

/**
 * A stream of random numbers that belongs to one purpose: the same seed and purpose give the same stream on every
 * machine, and two purposes of one seed have nothing in common. xoroshiro128+ (Blackman and Vigna 2018) started from
 * the SHA-256 of seed and purpose.
 */
export class Random {
  readonly #generator: RandomGenerator;

  /**
   * @param seed an integer in [0, 2^53)
   * @param purpose names and numbers that tell this stream from all others of the seed
   */
  constructor(seed: number, ...purpose: readonly (string | number)[]) {
    const digest = createHash('sha256')
      .update(JSON.stringify([seed, ...purpose]))
      .digest();
    this.#generator = xoroshiro128plusFromState([0, 4, 8, 12].map((place) => digest.readInt32LE(place)));
  }

  /** A uniform integer in [0, bound); bound is an integer from 1 to 2^32. */
  below(bound: number): number {
    return uniformInt(this.#generator, 0, bound - 1);
  }

  /** One of the items, each equally likely. At least one is needed. */
  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError('expected at least one item to pick from, got none');
    return at(items, this.below(items.length));
  }

  /** Shuffles in place (Fisher and Yates) and returns the same array. */
  shuffle(values: Int32Array): Int32Array {
    for (let last = values.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      const moved = at(values, last);
      values[last] = at(values, other);
      values[other] = moved;
    }
    return values;
  }
}
