import { wordOf } from './czech/word.js';
import type { TokenStep } from './step.js';

/**
 * Case endings of nouns and adjectives, the longest first, each group with the length of its endings. A word must keep
 * three letters, so a group asks for that many more than its endings have.
 */
const caseEndings = [
  [5, of('atech')],
  [4, of('ětem etem atům')],
  [
    3,
    of('ech ich ích ách ých ého ího iho ému ímu imu ěmi emi ími ými ami ama ěte ete ěti eti ata aty ové ovi'),
  ],
  [2, of('em ém ím ým ám ům at es os us mi ou')],
  [1, of('a á e é ě i í o u ů y ý')],
] as const;

const lettersKept = 3;

const possessiveEndings = of('ov ův in');
const possessiveLength = 2;

/** Fewest letters of a word that loses the ending of a possessive adjective. */
const shortestPossessive = 6;

/** Consonants at the end that an ending had softened, as they were. */
const hardened: Readonly<Record<string, string>> = { c: 'k', č: 'k', z: 'h', ž: 'h' };

/**
 * Cuts Czech nouns and adjectives down to what their cases have in common, by the light stemmer of L. Dolamic and J. Savoy
 * (Indexing and stemming approaches for the Czech language, Information Processing & Management 45, 2009): endings
 * of cases, endings of possessive adjectives, then softened consonants (knize, knihy → knih), the e that comes and goes
 * (orel, orla) and ů for o (stůl, stolu). Verbs are not conjugated back.
 *
 * Where the article leaves the order and the shortest words open, this follows the reading of Lucene's Czech analyser, and
 * gives what that gives for all words but those of one or two letters, which it cuts and this does not. No package does the
 * same: Snowball's newer main set has a Czech algorithm, which no maintained package ships alone (lang-cs of nlp.js brings
 * that framework with it).
 *
 * Words of one or two letters stay as they are, and those of three keep their letters but for the last rule. Whatever is no
 * word (czech/word.ts) comes back as it came.
 */
export const czechStem: TokenStep = {
  kind: 'token',
  name: 'czech-stem',
  version: 1,
  apply(token) {
    const word = wordOf(token);
    if (word === undefined) return token;
    return word.length < lettersKept ? word : normalised(withoutPossessive(withoutCase(word)));
  },
};

function withoutCase(word: string): string {
  for (const [length, endings] of caseEndings) {
    if (word.length >= lettersKept + length && endings.has(word.slice(-length)))
      return word.slice(0, -length);
  }
  return word;
}

function withoutPossessive(word: string): string {
  return word.length >= shortestPossessive && possessiveEndings.has(word.slice(-possessiveLength))
    ? word.slice(0, -possessiveLength)
    : word;
}

/** One form for the ends that the same stem has before different endings. */
function normalised(stem: string): string {
  if (stem.endsWith('čt')) return `${stem.slice(0, -2)}ck`;
  if (stem.endsWith('št')) return `${stem.slice(0, -2)}sk`;
  const last = stem.slice(-1);
  const hard = hardened[last];
  if (hard !== undefined) return stem.slice(0, -1) + hard;
  const vowel = stem.at(-2);
  if (vowel === 'e') return stem.slice(0, -2) + last;
  return vowel === 'ů' ? `${stem.slice(0, -2)}o${last}` : stem;
}

function of(endings: string): ReadonlySet<string> {
  return new Set(endings.split(' '));
}
