import { settleNeighbours } from './czech/neighbours.js';
import { respell } from './czech/respelling.js';
import { soundsOf } from './czech/spelling.js';
import { assimilateVoicing } from './czech/voicing.js';
import { wordOf } from './czech/word.js';
import type { TokenStep } from './step.js';

/** Most code units that become text at once: more would not fit on the stack as arguments. */
const unitsAtOnce = 4096;

/**
 * Writes a Czech word by its sounds, one code point each (czech/sounds.ts lists them), so that spellings that are read
 * alike become one token: mně and mě, fčera and včera, gymnasium and gymnázium. By the rules of standard pronunciation, in
 * this order: loan words, letters, voice, neighbours. Different words that sound alike become one too (být and bít).
 *
 * - The word is taken by itself: a preposition that is spoken with the next word (v, z, k, s) stays as it is.
 * - Text without diacritics is read as it stands, and what it lacks cannot be restored: ruze stays apart from růže.
 * - Slovak is read by the same rules. Its d, t, n, l are soft before e as well, which no letter shows and Czech lacks: not
 *   heard here.
 * - Whatever is no word (czech/word.ts) comes back as it came.
 */
export const czechPhonetic: TokenStep = {
  kind: 'token',
  name: 'czech-phonetic',
  version: 1,
  apply(token) {
    const word = wordOf(token);
    return word === undefined ? token : transcribed(word);
  },
};

function transcribed(word: string): string {
  const sounds = soundsOf(respell(word));
  // A letter alone has no neighbours and, if it is a preposition, no end.
  if (word.length > 1) assimilateVoicing(sounds);
  return textOf(settleNeighbours(sounds));
}

function textOf(units: readonly number[]): string {
  let text = '';
  for (let place = 0; place < units.length; place += unitsAtOnce) {
    text += String.fromCharCode(...units.slice(place, place + unitsAtOnce));
  }
  return text;
}
