import { mixed } from '../../base/hash.js';
import { Random } from '../../base/random.js';

/** Bands of a sketch, a 32-bit word each. */
export const bandCount = 16;

/** Minima of a band. */
const rowsInBand = 5;

/** Bits that are kept of a minimum: five of them fill a word but for two bits. */
export const bitsOfMinimum = 6;

/** Above every minimum. */
const most = 0x7fffffff;

const minimumMask = 2 ** bitsOfMinimum - 1;

/** Minima of a sketch. */
export const minimaCount = bandCount * rowsInBand;

/** Standard deviations by which an estimate may fall short of the threshold before the texts themselves are compared. */
const deviations = 3.7;

/**
 * Sketches of sets by min-wise hashing (Broder 1997): the chance that two sets have the same minimum under a random order
 * of all shingles is their Jaccard similarity. 80 orders, by x → a·x + b of 32-bit hashes with odd a; of each minimum six
 * bits are kept (b-bit minwise hashing, Li and König 2010), so that a set takes 64 bytes.
 */
export class MinHash {
  readonly #factors: Int32Array;
  readonly #terms: Int32Array;

  constructor() {
    // The same orders on every machine and in every version: nothing here depends on a user's seed.
    const random = new Random(0, 'min-wise hashing');
    const draw = (): number => random.below(2 ** 32) | 0;
    this.#factors = Int32Array.from({ length: minimaCount }, () => draw() | 1);
    this.#terms = Int32Array.from({ length: minimaCount }, draw);
  }

  /**
   * The sketch of a set.
   *
   * @param hashes of its members; the same member may occur several times
   * @returns {@link bandCount} words, a band each; undefined for an empty set
   */
  sketch(hashes: Int32Array): Int32Array | undefined {
    if (hashes.length === 0) return undefined;
    const words = new Int32Array(bandCount);
    for (let band = 0; band < bandCount; band++) {
      const [first, end] = [band * rowsInBand, (band + 1) * rowsInBand];
      words[band] = bandOf(hashes, this.#factors.subarray(first, end), this.#terms.subarray(first, end));
    }
    return words;
  }
}

/**
 * Six bits each of the five minima of a band. Most of the time of an audit is spent here: five minima in one loop take half the
 * time of five loops, and an iterator four times as much as an index.
 *
 * @param factors a of x → a·x + b, five of them
 * @param terms b
 */
function bandOf(hashes: Int32Array, factors: Int32Array, terms: Int32Array): number {
  const [a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0] = factors;
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0] = terms;
  let [least0, least1, least2, least3, least4] = [most, most, most, most, most];
  const { length } = hashes;
  for (let place = 0; place < length; place++) {
    const hash = hashes[place] ?? 0;
    least0 = Math.min(least0, (Math.imul(a0, hash) + b0) | 0);
    least1 = Math.min(least1, (Math.imul(a1, hash) + b1) | 0);
    least2 = Math.min(least2, (Math.imul(a2, hash) + b2) | 0);
    least3 = Math.min(least3, (Math.imul(a3, hash) + b3) | 0);
    least4 = Math.min(least4, (Math.imul(a4, hash) + b4) | 0);
  }
  return [least0, least1, least2, least3, least4].reduce(
    (word, minimum) => (word << bitsOfMinimum) | (mixed(minimum) & minimumMask),
    0,
  );
}

/** Chance that two sets of a Jaccard similarity have the same six bits of a minimum. */
function agreement(similarity: number): number {
  return similarity + (1 - similarity) / 2 ** bitsOfMinimum;
}

/** Fewest common minima of a pair that is worth comparing: one at the threshold has fewer less than once in a thousand times. */
export function leastCommonMinima(threshold: number): number {
  const chance = agreement(threshold);
  const deviation = Math.sqrt(minimaCount * chance * (1 - chance));
  return Math.ceil(minimaCount * chance - deviations * deviation);
}

/**
 * Chance that two sets of a Jaccard similarity share a band, and so are looked at: 1 − (1 − p^5)^16 (Leskovec, Rajaraman
 * and Ullman, section 3.4), with p the chance that a minimum agrees.
 */
export function chanceOfSharedBand(similarity: number): number {
  return 1 - (1 - agreement(similarity) ** rowsInBand) ** bandCount;
}
