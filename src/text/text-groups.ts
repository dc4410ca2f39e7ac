import { createHash } from 'node:crypto';
import { at } from '../base/at.js';
import { ChunkedWords } from '../base/chunked-words.js';

/** 32-bit words of a digest that are kept: 128 bits, so that two different texts never meet in practice. */
const digestWords = 4;

const firstSlots = 2 ** 12;

/**
 * Numbers texts so that equal ones have the same number: 0, 1, 2 … in the order in which they are first seen. It keeps 128
 * bits of each text's SHA-256 and no text: 24 to 32 bytes a different text.
 */
export class TextGroups {
  readonly #digests = new ChunkedWords(digestWords);
  /** Open addressing: the group whose digest leads here, plus 1; 0 is free. Never more than half of it is taken. */
  #slots = new Uint32Array(firstSlots);

  /** Different texts so far. */
  get count(): number {
    return this.#digests.count;
  }

  /** The number of a text; equal to {@link count} before the call when the text is new. */
  groupOf(text: string): number {
    if (2 * (this.count + 1) > this.#slots.length) this.#grow();
    const digest = digestOf(text);
    const slot = this.#find(digest);
    const taken = at(this.#slots, slot);
    if (taken !== 0) return taken - 1;
    this.#digests.add(digest);
    this.#slots[slot] = this.count;
    return this.count - 1;
  }

  /** The slot that holds this digest, or the free one where it belongs. */
  #find(digest: readonly number[]): number {
    const mask = this.#slots.length - 1;
    let slot = at(digest, 0) & mask;
    for (;;) {
      const taken = at(this.#slots, slot);
      if (taken === 0 || this.#holds(taken - 1, digest)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #holds(group: number, digest: readonly number[]): boolean {
    return digest.every((word, place) => this.#digests.word(group, place) === word);
  }

  #grow(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (let group = 0; group < this.count; group++) {
      let slot = this.#digests.word(group, 0) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = group + 1;
    }
  }
}

/** Of UTF-16, not UTF-8, in which all lone surrogates would be the same. */
function digestOf(text: string): number[] {
  const digest = createHash('sha256').update(text, 'utf16le').digest();
  return Array.from({ length: digestWords }, (_, word) => digest.readInt32LE(4 * word));
}
