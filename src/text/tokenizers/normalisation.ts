import type { TextStep } from './step.js';

/** Composes characters (NFC), so that one letter is one token however it was typed. */
export const nfc: TextStep = {
  kind: 'text',
  name: 'nfc',
  version: 1,
  apply: (text) => text.normalize('NFC'),
};

/** Lower-cases. Composed again afterwards, because a letter may be composed in lower case only (J̌ and ǰ). */
export const lowercase: TextStep = {
  kind: 'text',
  name: 'lowercase',
  version: 1,
  apply: (text) => text.toLowerCase().normalize('NFC'),
};

/** Latin letters with diacritics begin here: a text that stays below has nothing to strip. */
const mayHaveDiacritics = /[^\0-\u00bf]/u;

/** The block of diacritics that letters decompose into. Vowel signs of other scripts lie elsewhere and stay. */
const diacritics = /[\u0300-\u036f]+/gu;

/**
 * Takes diacritics off letters: ř becomes r, й becomes и. Letters that Unicode does not decompose stay as they are, such as
 * ł, đ and ø.
 */
export const stripDiacritics: TextStep = {
  kind: 'text',
  name: 'strip-diacritics',
  version: 1,
  apply: (text) =>
    mayHaveDiacritics.test(text) ? text.normalize('NFD').replace(diacritics, '').normalize('NFC') : text,
};
