// Parts of the patterns of twokenize. Those that name characters stand inside [...] or [^...].

/** What a word consists of: letters of any script with their marks, digits and other numbers. */
export const word = String.raw`\p{L}\p{M}\p{N}`;

/** Quotes and apostrophes. */
export const quotes = `'"“”„‟‘’‚‛`;

/** What is a token of its own wherever it stands, but for apostrophes, dots and commas inside of what is protected. */
export const punctuation = `${quotes}.?!,:;…¿¡`;

/** What is split off where a word begins and ends, and stays inside of it. */
export const brackets = String.raw`<>{}()\[\]«»‹›`;

/** HTML's way to write a character. */
export const entity = String.raw`&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#[xX][\da-fA-F]{1,6});`;

/** A pattern for words in upper case, lower case or both. */
export function inAnyCase(lowerCase: string): string {
  return lowerCase.replace(/\p{Ll}/gu, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
