import { at } from './at.js';

/** Arrays of unsigned integers of 16 or 32 bits: what token ids, lengths and labels are kept in. */
export type CompactArray = Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/**
 * Zeros that can take any integer in [0, bound), in as few bits as that needs.
 *
 * @param bound at most 2^32
 */
export function compactArray(bound: number, length: number): CompactArray {
  return bound <= 2 ** 16 ? new Uint16Array(length) : new Uint32Array(length);
}

/** A list of integers that grows by doubling, for counts that only the end of a stream tells. */
export class Growing {
  readonly #bound: number;
  #values: CompactArray;
  #length = 0;

  /** @param bound the integers are in [0, bound); at most 2^32 */
  constructor(bound: number) {
    this.#bound = bound;
    this.#values = compactArray(bound, 1024);
  }

  /** Integers held. */
  get length(): number {
    return this.#length;
  }

  /** Adds one integer in [0, bound). */
  push(value: number): void {
    if (this.#length === this.#values.length) this.#grow(this.#length + 1);
    this.#values[this.#length++] = value;
  }

  /** Adds several integers in [0, bound). */
  pushAll(values: ArrayLike<number>): void {
    const length = this.#length + values.length;
    if (length > this.#values.length) this.#grow(length);
    this.#values.set(values, this.#length);
    this.#length = length;
  }

  /** @throws RangeError for a place that holds none */
  at(place: number): number {
    return at(place < this.#length ? this.#values : this.view(), place);
  }

  /** What is held, not copied: until the next integer is added. */
  view(): CompactArray {
    return this.#values.subarray(0, this.#length);
  }

  #grow(needed: number): void {
    const larger = compactArray(this.#bound, Math.max(needed, 2 * this.#values.length));
    larger.set(this.view());
    this.#values = larger;
  }
}
