import { settleNeighbours } from './czech/neighbours.js';
import { respell } from './czech/respelling.js';
import { soundsOf } from './czech/spelling.js';
import { hasSyllable } from './czech/syllable.js';
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
 * - What no syllable can be made of is spelled out, not read: kg, mm, pc, tv and prepositions of one letter keep their letters
 *   (in lower case). Read by sound, they would end as each other and as prepositions.
 * - Text without diacritics is read as it stands, and what it lacks cannot be restored: ruze stays apart from růže.
 * - Slovak is read by the same rules. Its d, t, n, l are soft before e as well, which no letter shows and Czech lacks: not
 *   heard here.
 * - t before s and š is heard with it as c and č (dětský, větší), which is not done: who misspells seldom writes it so.
 * - Whatever is no word (czech/word.ts) comes back as it came.
 */
export const czechPhonetic: TokenStep = {
  kind: 'token',
  name: 'czech-phonetic',
  version: 1,
  apply(token) {
    const word = wordOf(token);
    if (word === undefined) return token;
    return hasSyllable(word) ? transcribed(word) : word;
  },
};

function transcribed(word: string): string {
  const sounds = soundsOf(respell(word));
  assimilateVoicing(sounds);
  return textOf(settleNeighbours(sounds));
}

function textOf(units: readonly number[]): string {
  let text = '';
  for (let place = 0; place < units.length; place += unitsAtOnce) {
    text += String.fromCharCode(...units.slice(place, place + unitsAtOnce));
  }
  return text;
}
