import { asSeen } from './invisible.js';
import type { SplitStep } from './step.js';

/** What belongs to the character before it: marks, and what joins or parts letters of Arabic and Indic scripts. */
const attached = String.raw`\p{M}\u200c\u200d`;

const part = String.raw`[\p{L}\p{N}][\p{L}\p{N}${attached}]*`;

/** A number with its separators, then a word with inner apostrophes and hyphens, then any other visible symbol. */
const wordPattern = new RegExp(
  String.raw`\p{Nd}+(?:[.,]\p{Nd}+)+[${attached}]*|${part}(?:['’\-\u2010\u2011]${part})*|\S[${attached}]*`,
  'gu',
);

/** Words, numbers and single symbols, each with its marks. What cannot be seen is no token and parts no word. */
export const words: SplitStep = {
  kind: 'split',
  level: 'word',
  name: 'words',
  version: 1,
  apply: (text) => asSeen(text).match(wordPattern) ?? [],
};

/** What stands between white space: for texts that are tokenised already. */
export const whitespace: SplitStep = {
  kind: 'split',
  level: 'word',
  name: 'whitespace',
  version: 1,
  apply: (text) => text.match(/\S+/gu) ?? [],
};
