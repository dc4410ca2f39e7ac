import { onFirstUse } from '../../base/on-first-use.js';
import type { SplitStep } from './step.js';
import { squeezeSpace } from './white-space.js';

// A locale of its own: the system's must not decide.
const segmenter = onFirstUse(() => new Intl.Segmenter('en', { granularity: 'grapheme' }));

/** UTF-16 units that are looked at together: the segmenter's time grows with the square of what it is given. */
const windowSize = 64;

/**
 * A run of Latin, Greek, Cyrillic, usual punctuation, kana, ideographs and Korean syllables, without what joins a neighbour:
 * each of these characters is a cluster. The segmenter makes an object a cluster, which costs many times more.
 */
const eachOnItsOwn =
  /[\0-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u3000-\u3029\u3041-\u3096\u309b-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9d]*/uy;

/**
 * What readers take for characters, whatever code points they consist of: grapheme clusters as Unicode's annex 29 defines
 * them, by the tables of the running Node. White space as in 'characters'.
 */
export const graphemes: SplitStep = {
  kind: 'split',
  level: 'char',
  name: 'graphemes',
  version: 1,
  apply: (text) => {
    const squeezed = squeezeSpace(text);
    const clusters: string[] = [];
    for (let start = 0; start < squeezed.length;) {
      start = addEasyOnes(squeezed, start, clusters);
      if (start < squeezed.length) start = addOthers(squeezed, start, clusters);
    }
    return clusters;
  },
};

/** Adds the clusters that are one character each, and returns where the next one begins. */
function addEasyOnes(text: string, start: number, clusters: string[]): number {
  eachOnItsOwn.lastIndex = start;
  eachOnItsOwn.test(text);
  // What follows may join the last of them.
  const end = eachOnItsOwn.lastIndex === text.length ? text.length : eachOnItsOwn.lastIndex - 1;
  for (let place = start; place < end; place += 1) clusters.push(text.charAt(place));
  return Math.max(start, end);
}

/** Adds the clusters that begin in a window, at least one, and returns where the next one begins. */
function addOthers(text: string, start: number, clusters: string[]): number {
  // A cluster may be longer than a window, which is then enlarged.
  for (let size = windowSize; ; size *= 2) {
    const window = windowOf(text, start, size);
    let end = start;
    for (const { segment, index } of segmenter().segment(window)) {
      const next = end + segment.length;
      const mayGoOn = next === start + window.length && next < text.length;
      if (mayGoOn || index >= windowSize) break;
      clusters.push(segment);
      end = next;
    }
    if (end > start) return end;
  }
}

/** A part of a text that ends between two code points. */
function windowOf(text: string, start: number, size: number): string {
  const end = start + size;
  const cutsPair = (text.codePointAt(end - 1) ?? 0) > 0xffff;
  return text.slice(start, cutsPair ? end - 1 : end);
}
