import type { SplitStep } from './step.js';

/** A number with its separators, then a word with inner apostrophes and hyphens, then any other visible symbol. */
const wordPattern =
  /\p{Nd}+(?:[.,]\p{Nd}+)+|[\p{L}\p{M}\p{N}]+(?:['’\-\u2010\u2011][\p{L}\p{M}\p{N}]+)*|[^\s]/gu;

/** Words, numbers and single symbols. */
export const words: SplitStep = {
  kind: 'split',
  name: 'words',
  version: 1,
  apply: (text) => text.match(wordPattern) ?? [],
};

/** What stands between white space: for texts that are tokenised already. */
export const whitespace: SplitStep = {
  kind: 'split',
  name: 'whitespace',
  version: 1,
  apply: (text) => text.match(/\S+/gu) ?? [],
};
