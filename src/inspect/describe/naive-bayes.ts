import { softmax } from '../../statistics/softmax.js';
import { at } from '../../base/at.js';
import { mixed, stringHash } from '../../base/hash.js';
import type { Level } from '../../text/types.js';

/** Cells of the table of counts at most: 32 MiB. */
const mostCells = 2 ** 23;

/** Buckets of n-grams at least. */
const fewestBuckets = 2 ** 12;

/** Added to every count (Lidstone), because an n-gram that a class has not shown yet is not impossible. */
const smoothing = 0.1;

/** Orders of the n-grams of tokens that are looked at. */
const orders: Readonly<Record<Level, readonly number[]>> = { char: [3, 4], word: [1, 2] };

/**
 * The n-grams of a text as numbers of 32 bits: 3 and 4 characters, or words and pairs of words. Several may share one
 * (feature hashing, Weinberger and others 2009).
 */
export function ngramHashes(tokens: readonly string[], level: Level): number[] {
  const hashes = tokens.map(stringHash);
  return orders[level].flatMap((order) =>
    Array.from({ length: Math.max(0, hashes.length - order + 1) }, (_, first) => {
      let hash = order;
      for (let place = first; place < first + order; place++) {
        hash = Math.imul(hash ^ at(hashes, place), 0x9e3779b1) ^ (hash >>> 15);
      }
      return mixed(hash);
    }),
  );
}

/**
 * A multinomial naive Bayes classifier (McCallum and Nigam 1998) that judges each example by the others: examples belong
 * to folds, and what a fold is judged by was learnt from all folds but this one. First learn() everything, then finish(),
 * then ask for posteriors.
 */
export class CrossValidatedNaiveBayes {
  readonly #classCount: number;
  readonly #folds: number;
  readonly #buckets: number;
  /** [fold][bucket][class]: how often n-grams of a bucket occur; after finish(), ln P(bucket | class) without the fold. */
  readonly #table: Float32Array;
  /** [fold][class]: examples; after finish(), ln P(class) without the fold. */
  readonly #priors: Float64Array;

  /**
   * @param classCount C
   * @param folds at least 2
   * @param ngrams how many there are to learn at most: few need no large table
   */
  constructor(classCount: number, folds: number, ngrams = Infinity) {
    this.#classCount = classCount;
    this.#folds = folds;
    const room = mostCells / (folds * classCount);
    this.#buckets = 2 ** Math.floor(Math.log2(Math.min(room, Math.max(ngrams, fewestBuckets))));
    this.#table = new Float32Array(folds * this.#buckets * classCount);
    this.#priors = new Float64Array(folds * classCount);
  }

  /**
   * Counts one example.
   *
   * @param ngrams hashes of 32 bits
   * @param label in [0, C)
   * @param fold in [0, folds)
   */
  learn(ngrams: readonly number[], label: number, fold: number): void {
    for (const ngram of ngrams) {
      const cell = this.#cell(ngram, fold) + label;
      this.#table[cell] = at(this.#table, cell) + 1;
    }
    const prior = fold * this.#classCount + label;
    this.#priors[prior] = at(this.#priors, prior) + 1;
  }

  /** Turns counts into logarithms of probabilities: for each fold, those of all the others. */
  finish(): void {
    const totals = complementSums(this.#table, this.#folds, this.#classCount);
    toLogs(this.#table, this.#folds, (sum, fold, place) => {
      const whole = at(totals, fold * this.#classCount + (place % this.#classCount));
      return (sum + smoothing) / (whole + smoothing * this.#buckets);
    });
    const all = this.#priors.reduce((sum, count) => sum + count, 0);
    toLogs(this.#priors, this.#folds, (sum) => (sum + smoothing) / (all + smoothing * this.#classCount));
  }

  /**
   * P(class | text) by what was learnt without the example's own fold.
   *
   * @returns C probabilities
   */
  posterior(ngrams: readonly number[], fold: number): Float64Array {
    const first = fold * this.#classCount;
    const scores = this.#priors.slice(first, first + this.#classCount);
    for (const ngram of ngrams) {
      const cell = this.#cell(ngram, fold);
      for (let label = 0; label < scores.length; label++) {
        scores[label] = at(scores, label) + at(this.#table, cell + label);
      }
    }
    return softmax(scores);
  }

  #cell(ngram: number, fold: number): number {
    return (fold * this.#buckets + (ngram & (this.#buckets - 1))) * this.#classCount;
  }
}

/** For each fold, the sums over all other folds of a table whose last dimension is the class: [fold][class]. */
function complementSums(table: Float32Array, folds: number, classCount: number): Float64Array {
  const cells = table.length / folds;
  const own = new Float64Array(folds * classCount);
  table.forEach((count, place) => {
    const sum = Math.floor(place / cells) * classCount + (place % classCount);
    own[sum] = at(own, sum) + count;
  });
  return own.map((_, place) => {
    let sum = 0;
    for (let fold = 0; fold < folds; fold++) sum += at(own, fold * classCount + (place % classCount));
    return sum - at(own, place);
  });
}

/**
 * Replaces each count by the logarithm of a share.
 *
 * @param table [fold][place]
 * @param share of the sum over all other folds at this place
 */
function toLogs(
  table: Float32Array | Float64Array,
  folds: number,
  share: (sum: number, fold: number, place: number) => number,
): void {
  const places = table.length / folds;
  for (let place = 0; place < places; place++) {
    let sum = 0;
    for (let fold = 0; fold < folds; fold++) sum += at(table, fold * places + place);
    for (let fold = 0; fold < folds; fold++) {
      const cell = fold * places + place;
      table[cell] = Math.log(share(sum - at(table, cell), fold, place));
    }
  }
}
