/**
 * A run of stops and of what closes quotations and brackets, and the white space behind it. “ ‘ « are among those that close:
 * they do in Czech, German or Danish, and where they open, white space comes before them. It can't fail once it has begun, so
 * that it takes no more time for a long run than for many short ones.
 */
const possibleEnd = /([\p{STerm}…][\p{STerm}…"'“”‘’«»‹›)\]」』]*)(\s*)/gu;

/** Stops of languages that put no space between sentences. */
const stopWithoutSpace = /[。！？]/u;

/**
 * How many sentences a text has, by one rule for all languages: a sentence ends with a run of stops (. ! ? … and whatever else
 * Unicode calls a terminal of sentences, such as ؟ ۔ ।) and closing quotes or brackets, if white space and more text follow.
 * Before a small letter nothing ends, so that "e.g. this" is one sentence, unless the text has no capital letter at all. 。！？
 * end a sentence without a space too. An abbreviation before a capital ("Mr. Smith") is counted as an end.
 *
 * @returns at least 1
 */
export function countSentences(text: string): number {
  const hasCapital = /\p{Lu}/u.test(text);
  let count = 1;
  for (const { 0: whole, 1: stops = '', 2: space = '', index } of text.matchAll(possibleEnd)) {
    const next = text.codePointAt(index + whole.length);
    if (next === undefined) break;
    const goesOn = hasCapital && /\p{Ll}/u.test(String.fromCodePoint(next));
    if (space === '' ? stopWithoutSpace.test(stops) : !goesOn) count += 1;
  }
  return count;
}
