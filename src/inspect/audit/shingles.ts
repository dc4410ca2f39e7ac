import { at } from '../../base/at.js';
import { isHighSurrogate, isLowSurrogate } from '../../text/code-points.js';
import { mixed } from '../../base/hash.js';

/**
 * Code points of a shingle. Five suit sentences and messages (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets,
 * section 3.2): shorter ones are common to unrelated texts, and one changed word takes few of them away.
 */
export const shingleLength = 5;

/** Factor of the rolling hash: any large odd number. */
const factor = 0x2c1b3c6d;

/** The factor of a code point that leaves the shingle. */
const leavingFactor = Array.from({ length: shingleLength - 1 }, () => factor).reduce(Math.imul, 1);

/**
 * The shingles of a text: each substring of five code points, or the whole text where it is shorter.
 *
 * @param text normalised; it has none when it is empty
 */
export function shingles(text: string): Set<string> {
  // Most texts have no surrogate, and taking them apart would cost ten times as much.
  if (!/[\ud800-\udfff]/.test(text)) return windowsOf(text.length, (first, end) => text.slice(first, end));
  const points = Array.from(text);
  return windowsOf(points.length, (first, end) => points.slice(first, end).join(''));
}

function windowsOf(length: number, cut: (first: number, end: number) => string): Set<string> {
  const windows = new Set<string>();
  if (length === 0) return windows;
  for (let first = 0; first <= Math.max(0, length - shingleLength); first++) {
    windows.add(cut(first, first + shingleLength));
  }
  return windows;
}

/** Jaccard similarity: what two sets have in common over what they have together; 0 for two empty ones. */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const shingle of a) if (b.has(shingle)) common += 1;
  const together = a.size + b.size - common;
  return together === 0 ? 0 : common / together;
}

/** Hashes the shingles of one text after the other in the same memory. */
export class ShingleHashes {
  #points = new Int32Array(1024);
  #hashes = new Int32Array(1024);

  /**
   * A hash of 32 bits for each shingle, in the order of the text; equal shingles have equal hashes. A polynomial that rolls
   * over the text (Karp and Rabin 1987), mixed.
   *
   * @returns valid until the next call; empty for an empty text
   */
  of(text: string): Int32Array {
    const points = this.#codePoints(text);
    if (points.length === 0) return this.#hashes.subarray(0, 0);
    let rolling = 0;
    let count = 0;
    for (let place = 0; place < points.length; place++) {
      const leaving = place < shingleLength ? 0 : at(points, place - shingleLength);
      // A code point counts from 1, so that one more of U+0000 is another text.
      const gone = place < shingleLength ? 0 : Math.imul(leaving + 1, leavingFactor);
      rolling = (Math.imul(rolling - gone, factor) + at(points, place) + 1) | 0;
      if (place >= shingleLength - 1 || place === points.length - 1) this.#hashes[count++] = mixed(rolling);
    }
    return this.#hashes.subarray(0, count);
  }

  #codePoints(text: string): Int32Array {
    if (text.length > this.#points.length) {
      this.#points = new Int32Array(2 * text.length);
      this.#hashes = new Int32Array(2 * text.length);
    }
    let count = 0;
    for (let place = 0; place < text.length; place++) {
      let point = text.charCodeAt(place);
      if (isHighSurrogate(point) && isLowSurrogate(text.charCodeAt(place + 1))) {
        point = (point - 0xd800) * 0x400 + text.charCodeAt(++place) - 0xdc00 + 0x10000;
      }
      this.#points[count++] = point;
    }
    return this.#points.subarray(0, count);
  }
}
