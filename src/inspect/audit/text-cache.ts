import { at } from '../../base/at.js';
import { ComparedText } from './compared-text.js';
import { ShingleHashes } from './shingles.js';

/** Shingles that are kept at most: 8 MiB of hashes, and their texts. A text is compared with several, soon after each other. */
const mostShingles = 2 ** 21;

/** Texts made ready to be compared, the last ones kept. */
export class TextCache {
  readonly #read: (texts: readonly number[]) => Promise<string[]>;
  readonly #kept = new Map<number, ComparedText>();
  readonly #hashes = new ShingleHashes();
  #shingles = 0;

  /** @param read gives texts, normalised, in their order */
  constructor(read: (texts: readonly number[]) => Promise<string[]>) {
    this.#read = read;
  }

  /** Some texts by their number; the same ones may be asked for several times. */
  async get(texts: readonly number[]): Promise<ReadonlyMap<number, ComparedText>> {
    const wanted = new Map<number, ComparedText>();
    const missing = new Set<number>();
    for (const text of texts) {
      const kept = this.#kept.get(text);
      if (kept === undefined) missing.add(text);
      else wanted.set(text, kept);
    }
    const read = missing.size === 0 ? [] : await this.#read([...missing]);
    [...missing].forEach((text, place) => {
      const compared = new ComparedText(at(read, place), this.#hashes);
      wanted.set(text, compared);
      this.#keep(text, compared);
    });
    return wanted;
  }

  /** Keeps a text and lets the oldest ones go that there is no room for. */
  #keep(text: number, compared: ComparedText): void {
    this.#kept.set(text, compared);
    this.#shingles += compared.size;
    for (const [oldest, { size }] of this.#kept) {
      if (this.#shingles <= mostShingles) return;
      this.#kept.delete(oldest);
      this.#shingles -= size;
    }
  }
}
