import { at } from '../../base/at.js';
import { countTerms, type TermCounts } from './term-counts.js';
import type { NgramKind } from './kind.js';

/** A text as weights of some features. */
export interface FeatureRow {
  /** Different features, in [0, F), rising. */
  readonly columns: Int32Array;
  /** The weight of each, at its place. Their squares sum to 1, unless there are none. */
  readonly values: Float32Array;
}

/** What tells the features of a text: F n-grams by their hashes. */
export interface FeatureTable {
  readonly kinds: readonly NgramKind[];
  /** F hashes, rising: feature i is the n-gram of hash i. */
  readonly hashes: Uint32Array;
  /** F inverse text frequencies: ln((1 + n) / (1 + texts with the feature)) + 1, where n texts were counted. */
  readonly inverseFrequencies: Float32Array;
}

const directoryBits = 16;

/**
 * Texts as TF-IDF weights of n-grams (Salton and Buckley 1988): a feature that a text has c times weighs
 * (1 + ln c) · its inverse text frequency, and the weights of a text are divided by the root of the sum of their squares.
 */
export class NgramFeatures {
  readonly table: FeatureTable;
  /** Where hashes with each value of the upper bits begin: hashes are spread so evenly that few share one. */
  readonly #directory = new Int32Array(2 ** directoryBits + 1);

  constructor(table: FeatureTable) {
    this.table = table;
    for (const hash of table.hashes) {
      const upper = (hash >>> directoryBits) + 1;
      this.#directory[upper] = at(this.#directory, upper) + 1;
    }
    for (let upper = 1; upper < this.#directory.length; upper++) {
      this.#directory[upper] = at(this.#directory, upper) + at(this.#directory, upper - 1);
    }
  }

  /** F. */
  get count(): number {
    return this.table.hashes.length;
  }

  /** The row of a text. */
  rowOf(text: string): FeatureRow {
    const terms = countTerms(text, this.table.kinds);
    const { length } = terms.hashes;
    const row = { columns: new Int32Array(length), values: new Float32Array(length) };
    const end = this.weigh(terms, row);
    return { columns: row.columns.subarray(0, end), values: row.values.subarray(0, end) };
  }

  /**
   * Writes the row of a text whose n-grams are counted.
   *
   * @param into has room behind `first` for as many features as the text has n-grams
   * @returns the place behind the row
   */
  weigh({ hashes, counts }: TermCounts, { columns, values }: FeatureRow, first = 0): number {
    const { inverseFrequencies } = this.table;
    let end = first;
    let squares = 0;
    for (let place = 0; place < hashes.length; place++) {
      const column = this.#columnOf(hashes[place] ?? 0);
      if (column < 0) continue;
      const count = counts[place] ?? 1;
      const value = (count === 1 ? 1 : 1 + Math.log(count)) * (inverseFrequencies[column] ?? 0);
      columns[end] = column;
      values[end++] = value;
      squares += value * value;
    }
    const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
    for (let place = first; place < end; place++) values[place] = (values[place] ?? 0) * scale;
    return end;
  }

  /** The feature of a hash; −1 where there is none. */
  #columnOf(hash: number): number {
    const { hashes } = this.table;
    const upper = hash >>> directoryBits;
    const end = this.#directory[upper + 1] ?? 0;
    for (let column = this.#directory[upper] ?? 0; column < end; column++) {
      if (hashes[column] === hash) return column;
    }
    return -1;
  }
}
