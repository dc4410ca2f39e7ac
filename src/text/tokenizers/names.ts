import type { Step } from './step.js';

/**
 * Names of the registry's steps by their place in a tokenizer, for those who only name them: the registry loads what each
 * step does, down to the exceptions of Czech spelling.
 */
export const stepNames: Readonly<Record<Step['kind'], readonly string[]>> = {
  text: ['nfc', 'lowercase', 'strip-diacritics'],
  split: ['characters', 'graphemes', 'words', 'whitespace', 'twokenize'],
  token: ['czech-stem', 'czech-phonetic'],
};
