const mayBeInvisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069]/u;

/** Where a line may break between two words that have no space between them. */
const zeroWidthSpace = /\u200b/gu;

/**
 * Soft hyphens, word joiners and marks of writing direction. So are joiners and non-joiners at the start of a word, and behind
 * letters that have one shape only; other scripts spell with them.
 */
const invisible =
  /[\u00ad\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]+|(?<=^|[\s\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}])[\u200c\u200d]+/gu;

/** A text as its reader sees it: without invisible characters, and with a space for one that parts words. */
export function asSeen(text: string): string {
  return mayBeInvisible.test(text) ? text.replace(zeroWidthSpace, ' ').replace(invisible, '') : text;
}
