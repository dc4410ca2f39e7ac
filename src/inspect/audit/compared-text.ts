import { jaccard, shingles, type ShingleHashes } from './shingles.js';

/** How far below the threshold hashes may put a pair before strings are asked: far more than chance collisions do. */
const margin = 0.02;

/** A text that is compared with others: its shingles as hashes, and as strings where hashes don't settle it. */
export class ComparedText {
  readonly #text: string;
  /** Sorted, each once. */
  readonly #hashes: Int32Array;

  /**
   * @param text normalised
   * @param hashes makes the hashes; its memory is free again afterwards
   */
  constructor(text: string, hashes: ShingleHashes) {
    this.#text = text;
    this.#hashes = sortedSet(hashes.of(text));
  }

  /** Shingles: what the text takes in memory. */
  get size(): number {
    return this.#hashes.length;
  }

  /**
   * How alike two texts are: the Jaccard similarity of their shingles, exact where it reaches the threshold, and any number
   * below the threshold where it does not. Hashes of 32 bits rule out most pairs in a tenth of the time that strings take.
   */
  similarityTo(other: ComparedText, threshold: number): number {
    const estimate = jaccardOfSorted(this.#hashes, other.#hashes);
    if (estimate < threshold - margin) return estimate;
    // Not kept: a set of strings takes a hundred times the memory of its text.
    return jaccard(shingles(this.#text), shingles(other.#text));
  }
}

/** A sorted copy in which every member occurs once. */
export function sortedSet(values: Int32Array): Int32Array {
  const sorted = values.slice().sort();
  let count = 0;
  for (const value of sorted) if (count === 0 || value !== sorted[count - 1]) sorted[count++] = value;
  return sorted.slice(0, count);
}

/** Jaccard similarity of two sets, each sorted and without repetition; 0 for two empty ones. */
export function jaccardOfSorted(a: Int32Array, b: Int32Array): number {
  let [i, j, common] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i] ?? 0, b[j] ?? 0];
    if (x === y) common += 1;
    if (x <= y) i += 1;
    if (y <= x) j += 1;
  }
  const together = a.length + b.length - common;
  return together === 0 ? 0 : common / together;
}
