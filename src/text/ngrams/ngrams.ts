import { squeezeSpace } from '../tokenizers/white-space.js';
import type { NgramKind } from './kind.js';
import { carriedOn, finished } from './murmur.js';

/** Where the hashes of a unit's n-grams begin, so that one character is no word of one letter. */
const seeds = { char: 1, word: 2 } as const;

/** A word, of letters, marks and digits, or one sign that is neither that nor white space. */
const wordForm = /[\p{L}\p{M}\p{N}_]+|[^\p{L}\p{M}\p{N}_\s]/gu;

/**
 * The hashes of a text's n-grams, each as often as it occurs and in no order to rely on. Case and white space count for nothing:
 * the text is taken in lower case, with one space for each run of white space and one at either end.
 *
 * @returns integers in [0, 2^32)
 */
export function ngramHashes(text: string, kinds: readonly NgramKind[]): Uint32Array<ArrayBuffer> {
  const plain = squeezeSpace(text.toLowerCase());
  const parts = kinds.map(({ unit, min, max }) => {
    const units = unit === 'char' ? codePointsOf(` ${plain} `) : wordsOf(plain);
    return runHashes(units, { seed: seeds[unit], min, max });
  });
  const hashes = new Uint32Array(parts.reduce((length, part) => length + part.length, 0));
  let length = 0;
  for (const part of parts) {
    hashes.set(part, length);
    length += part.length;
  }
  return hashes;
}

/** The code points of a text; halves of surrogate pairs that stand alone among them. */
export function codePointsOf(text: string): Int32Array {
  const units = new Int32Array(text.length);
  let length = 0;
  for (let place = 0; place < text.length; place++) {
    const unit = text.codePointAt(place) ?? 0;
    if (unit > 0xffff) place += 1;
    units[length++] = unit;
  }
  return units.subarray(0, length);
}

/** Each word as a hash of its characters. */
function wordsOf(text: string): Int32Array {
  return Int32Array.from(text.match(wordForm) ?? [], (word) => {
    const units = codePointsOf(word);
    let hash = 0;
    for (const unit of units) hash = carriedOn(hash, unit);
    return finished(hash, units.length);
  });
}

/** The hashes of all runs of `min` to `max` units, for every unit those that begin there, the shortest first: integers in [0, 2^32). */
export function runHashes(
  units: Int32Array,
  { seed, min, max }: { readonly seed: number; readonly min: number; readonly max: number },
): Uint32Array<ArrayBuffer> {
  const hashes = new Uint32Array(runCount(units.length, min, max));
  let length = 0;
  for (let first = 0; first < units.length; first++) {
    const end = Math.min(first + max, units.length);
    let hash: number = seed;
    for (let last = first; last < end; last++) {
      hash = carriedOn(hash, units[last] ?? 0);
      if (last - first + 1 >= min) hashes[length++] = finished(hash, last - first + 1);
    }
  }
  return hashes;
}

/** How many runs of `min` to `max` neighbours so many units have. */
export function runCount(units: number, min: number, max: number): number {
  let count = 0;
  for (let size = min; size <= Math.min(max, units); size++) count += units - size + 1;
  return count;
}
