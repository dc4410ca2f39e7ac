/** Most words: letters of Czech and Slovak that are lower-cased and composed already. */
const plainWord = /^[a-záäčďéěíĺľňóôŕřšťúůýž]+$/;

const onlyLetters = /^\p{L}+$/u;

/** xD, XDDD, xp, and crosses such as xx: faces and kisses that consist of letters. */
const emoticon = /^x+[dp]*$/;

/**
 * What the Czech steps work on: a token of letters only, lower-cased and composed (NFC).
 *
 * @returns undefined for whatever is no word and must stay as it is: numbers, punctuation, addresses, emoticons, words
 *   with an apostrophe, a hyphen or a digit, and text that is no text (lone surrogates)
 */
export function wordOf(token: string): string | undefined {
  if (plainWord.test(token)) return emoticon.test(token) ? undefined : token;
  const word = token.toLowerCase().normalize('NFC');
  return onlyLetters.test(word) && !emoticon.test(word) ? word : undefined;
}
