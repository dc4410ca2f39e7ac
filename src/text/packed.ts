import type { NativeBatch, NativeTexts, NativeWords } from '../engine/addon.js';
import { at } from '../base/at.js';

/** Packs texts one after the other: ids [N], offsets [B + 1]. */
export function packTexts(texts: readonly ArrayLike<number>[]): NativeTexts {
  const offsets = new Int32Array(texts.length + 1);
  texts.forEach(({ length }, place) => {
    offsets[place + 1] = at(offsets, place) + length;
  });
  const ids = new Int32Array(at(offsets, texts.length));
  texts.forEach((text, place) => {
    ids.set(text, offsets[place]);
  });
  return { ids, offsets };
}

/** Packs some rows of packed texts, in the order of `rows`. */
export function pickTexts(texts: NativeBatch, rows: Int32Array): NativeBatch {
  const picked = packTexts(Array.from(rows, (row) => textOf(texts, row)));
  return { ...withOwnWords(picked, texts.words), labels: rows.map((row) => at(texts.labels, row)) };
}

/** Texts first … end − 1 of packed texts. */
export function sliceTexts(texts: NativeTexts, first: number, end: number): NativeTexts {
  const begin = at(texts.offsets, first);
  const offsets = texts.offsets.slice(first, end + 1).map((offset) => offset - begin);
  return withOwnWords({ ids: texts.ids.slice(begin, texts.offsets[end]), offsets }, texts.words);
}

/** Numbers the different values of a list, from 0 on in the order in which they come. */
export function renumbered(list: Int32Array): { readonly places: Int32Array; readonly values: number[] } {
  const numbers = new Map<number, number>();
  const places = list.map((value) => {
    const known = numbers.get(value);
    if (known !== undefined) return known;
    numbers.set(value, numbers.size);
    return numbers.size - 1;
  });
  return { places, values: [...numbers.keys()] };
}

/** Texts whose ids are places in a list of words, with those of the words that they have. */
function withOwnWords(texts: NativeTexts, words: NativeWords | undefined): NativeTexts {
  if (words === undefined) return texts;
  const { places, values } = renumbered(texts.ids);
  const ofWord = ({ buckets, offsets }: NativeWords, word: number): Int32Array =>
    buckets.subarray(at(offsets, word), at(offsets, word + 1));
  const { ids: buckets, offsets } = packTexts(values.map((word) => ofWord(words, word)));
  return {
    ...texts,
    ids: places,
    words: { ids: Int32Array.from(values, (word) => at(words.ids, word)), offsets, buckets },
  };
}

function textOf({ ids, offsets }: NativeTexts, row: number): Int32Array {
  return ids.subarray(at(offsets, row), at(offsets, row + 1));
}
