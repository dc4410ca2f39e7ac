import { isVowelLetter, pairOf, unitOf } from './sounds.js';

/** Stands in a respelled word between letters that are read apart: na|uka, t|i. */
export const seam = '|';

/** How letters are read alone, where they are not their own symbol. */
const single = {
  ...{ ě: 'e', ä: 'e', y: 'i', ý: 'í', ů: 'ú' },
  ...{ w: 'v', x: 'ks', q: 'kv', [seam]: '' },
};

/** How two letters are read together. */
const double = {
  ...{ ch: 'χ', dž: 'ʤ', dz: 'ʣ', qu: 'kv' },
  ...{ au: 'ɑ', eu: 'ɘ', ou: 'ȣ' },
  ...{ bě: 'bje', pě: 'pje', vě: 'vje', fě: 'fje', mě: 'mňe' },
  ...{ dě: 'ďe', tě: 'ťe', ně: 'ňe' },
  ...{ di: 'ďi', ti: 'ťi', ni: 'ňi', dí: 'ďí', tí: 'ťí', ní: 'ňí' },
  // Of the two ways to say shoda, sχoda and zhoda, that of Bohemia.
  sh: 'sχ',
  // Letters of loan words: thajský, graphit, ghetto.
  ...{ th: 't', ph: 'f', gh: 'g' },
};

const readAlone = new Map(Object.entries(single).map(([letter, read]) => [unitOf(letter), unitsOf(read)]));
const readTogether = new Map(
  Object.entries(double).map(([letters, read]) => [
    pairOf(letters.charCodeAt(0), letters.charCodeAt(1)),
    unitsOf(read),
  ]),
);

const shortI = unitOf('i');
const j = unitOf('j');

/**
 * How a word is read letter by letter, before its sounds touch each other. A short i before a vowel is followed by j
 * (rádio → rádijo) and then softens no d, t or n, because only loan words have it.
 *
 * @param spelling lower-case letters and seams
 */
export function soundsOf(spelling: string): number[] {
  const sounds: number[] = [];
  let place = 0;
  while (place < spelling.length) {
    const letter = unitAt(spelling, place);
    const next = unitAt(spelling, place + 1);
    const together = readTogether.get(pairOf(letter, next));
    if (together !== undefined && !(next === shortI && isVowelLetter(unitAt(spelling, place + 2)))) {
      for (const sound of together) sounds.push(sound);
      place += 2;
      continue;
    }
    const alone = readAlone.get(letter);
    if (alone === undefined) sounds.push(letter);
    else for (const sound of alone) sounds.push(sound);
    if (letter === shortI && isVowelLetter(next)) sounds.push(j);
    place++;
  }
  return sounds;
}

/** The code unit at a place; 0 behind the end. */
function unitAt(text: string, place: number): number {
  return place < text.length ? text.charCodeAt(place) : 0;
}

function unitsOf(symbols: string): readonly number[] {
  return Array.from(symbols, unitOf);
}
