/** Stops, of which the second kind ends sentences of languages that put no space between them. */
const stop = '.!?…。！？';
const stopWithoutSpace = '。！？';

/** Quotes and brackets that close behind a stop. */
const closing = `"'”’»)\\]」』`;

/** A run of stops, from its first one on: looked at again from each of them, a long run would take its length squared. */
const stops = `(?<![${stop}])[${stop}]+[${closing}]*`;

/** An end inside a text that has capital letters: white space and no small letter follow. */
const endBeforeCapital = new RegExp(`${stops}\\s+(?!\\p{Ll}|\\s|$)`, 'gu');

/** An end inside a text that has none, as some tokenised corpora. */
const endBeforeAny = new RegExp(`${stops}\\s+(?!\\s|$)`, 'gu');

const endWithoutSpace = new RegExp(
  `(?<![${stopWithoutSpace}])[${stopWithoutSpace}]+[${closing}]*(?![${stop}${closing}]|\\s|$)`,
  'gu',
);

/**
 * How many sentences a text has, by one rule for all languages: a sentence ends with a run of . ! ? … and closing quotes or
 * brackets, if white space and more text follow. Before a small letter nothing ends, so that "e.g. this" is one sentence,
 * unless the text has no capital letter at all. 。！？ end a sentence without a space too. An abbreviation before a capital
 * ("Mr. Smith") is counted as an end.
 *
 * @returns at least 1
 */
export function countSentences(text: string): number {
  const ends = /\p{Lu}/u.test(text) ? endBeforeCapital : endBeforeAny;
  return 1 + matches(text, ends) + matches(text, endWithoutSpace);
}

function matches(text: string, pattern: RegExp): number {
  let count = 0;
  pattern.lastIndex = 0;
  while (pattern.exec(text) !== null) count += 1;
  return count;
}
