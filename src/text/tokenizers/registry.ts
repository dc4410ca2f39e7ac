import { characters } from './characters.js';
import { czechPhonetic } from './czech-phonetic.js';
import { czechStem } from './czech-stem.js';
import { graphemes } from './graphemes.js';
import { lowercase, nfc, stripDiacritics } from './normalisation.js';
import type { Step } from './step.js';
import { twokenize } from './twokenize.js';
import { whitespace, words } from './words.js';

/**
 * Every step there is, in the order of a pipeline. A step that changes what it gives for any text becomes a further entry of
 * the next version, after the old one, which stays for the models that were trained with it.
 */
export const steps: readonly Step[] = [
  nfc,
  lowercase,
  stripDiacritics,
  characters,
  graphemes,
  words,
  whitespace,
  twokenize,
  czechStem,
  czechPhonetic,
];
