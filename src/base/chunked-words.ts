import { at } from './at.js';

/** Words of a chunk. */
const chunkLength = 2 ** 16;

/**
 * Records of equal length, each of a few 32-bit words, that are added one by one: in chunks, so that growing neither copies
 * nor takes twice the memory. At most 2^32 words in all.
 */
export class ChunkedWords {
  readonly #recordLength: number;
  readonly #chunks: Int32Array[] = [];
  #count = 0;

  /** @param recordLength words of a record; a power of two of at most 2^16, so that no record is cut in two */
  constructor(recordLength: number) {
    this.#recordLength = recordLength;
  }

  /** Records so far. */
  get count(): number {
    return this.#count;
  }

  /** @param words of one record; only their 32 bits count */
  add(words: ArrayLike<number>): void {
    const place = (this.#count * this.#recordLength) % chunkLength;
    if (place === 0) this.#chunks.push(new Int32Array(chunkLength));
    at(this.#chunks, this.#chunks.length - 1).set(words, place);
    this.#count += 1;
  }

  /** A word of a record, signed; 0 where there is none. */
  word(record: number, number: number): number {
    const place = record * this.#recordLength + number;
    return this.#chunks[place >>> 16]?.[place & (chunkLength - 1)] ?? 0;
  }
}
