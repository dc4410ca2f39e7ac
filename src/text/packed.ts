import type { NativeBatch, NativeTexts } from '../engine/addon.js';
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
  return { ...picked, labels: rows.map((row) => at(texts.labels, row)) };
}

/** Texts first … end − 1 of packed texts. */
export function sliceTexts(texts: NativeTexts, first: number, end: number): NativeTexts {
  const begin = at(texts.offsets, first);
  const offsets = texts.offsets.slice(first, end + 1).map((offset) => offset - begin);
  return { ids: texts.ids.slice(begin, texts.offsets[end]), offsets };
}

function textOf({ ids, offsets }: NativeTexts, row: number): Int32Array {
  return ids.subarray(at(offsets, row), at(offsets, row + 1));
}
