import { at } from '../../base/at.js';
import { mixed } from '../../base/hash.js';

/** The texts of one band by its value, the latest first: a hash table of chains in 8 to 12 bytes a text. */
export class BandChains {
  readonly #heads: Int32Array;
  readonly #before: Int32Array;

  /** @param count texts are in [0, count) */
  constructor(count: number) {
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(count, 2)))).fill(-1);
    this.#before = new Int32Array(count);
  }

  /** Forgets all texts: another band begins, in the same memory. */
  clear(): void {
    this.#heads.fill(-1);
  }

  /** The latest text whose band leads to the same place, or −1; it may have another value. */
  latest(value: number): number {
    return at(this.#heads, this.#place(value));
  }

  /** The one before a text at the same place, or −1. */
  before(text: number): number {
    return this.#before[text] ?? -1;
  }

  add(text: number, value: number): void {
    const place = this.#place(value);
    this.#before[text] = at(this.#heads, place);
    this.#heads[place] = text;
  }

  #place(value: number): number {
    return mixed(value) & (this.#heads.length - 1);
  }
}
