import type { FindingKind } from './finding.js';
import { findMojibake } from './mojibake.js';

/** Control characters but tab, line feed and carriage return. */
// eslint-disable-next-line no-control-regex -- to find them is the point
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** Entities of HTML that texts of the web have, by number or name. Tokenised texts have a space before the semicolon. */
const htmlEntity =
  /&(?:#\d{1,7}|#x[\da-f]{1,6}|amp|quot|apos|lt|gt|nbsp|hellip|[mn]dash|(?:[lrb][ds]|[lr]a|[sb])quo|copy|reg|trade|euro|pound|bull|middot|deg|sect|szlig|(?:ae|oe)lig|[a-z](?:acute|grave|circ|tilde|uml|caron|cedil|ring|slash)) ?;/iu;

/** Something that a text can be tested for on its own. */
export interface TextCheck {
  readonly kind: FindingKind;
  /** What such texts have, to follow "with". */
  readonly what: string;
  /** Place of the first such thing in a text, in code units; −1 where it has none. */
  readonly find: (text: string) => number;
}

/** Marks in a text that something went wrong with its encoding on the way. */
export const encodingDamage: readonly TextCheck[] = [
  {
    kind: 'replacement-character',
    what: 'U+FFFD, which stands for bytes that could not be decoded',
    find: (text) => text.indexOf('\ufffd'),
  },
  {
    kind: 'mojibake',
    what: "characters that were decoded as another encoding, such as 'Ã©' for é",
    find: findMojibake,
  },
  {
    kind: 'html-entity',
    what: "entities of HTML in place of characters, such as '&amp;' for &",
    find: (text) => text.search(htmlEntity),
  },
  { kind: 'control-character', what: 'control characters', find: (text) => text.search(control) },
  {
    kind: 'lone-surrogate',
    what: 'half a surrogate pair, which is no character',
    find: findLoneSurrogate,
  },
  {
    kind: 'not-composed',
    what: 'letters that are not composed (NFC), beside others that are',
    find: findNotComposed,
  },
];

/** A lone surrogate, a unit that becomes another one in well-formed text. */
function findLoneSurrogate(text: string): number {
  return text.isWellFormed() ? -1 : firstDifference(text, text.toWellFormed());
}

function findNotComposed(text: string): number {
  const composed = text.normalize('NFC');
  return text === composed ? -1 : firstDifference(text, composed);
}

function firstDifference(a: string, b: string): number {
  let place = 0;
  while (place < a.length && a[place] === b[place]) place += 1;
  return place;
}

/** Whether a text shows nothing: white space, control and format characters only. */
export function showsNothing(text: string): boolean {
  return !/[^\s\p{C}]/u.test(text);
}
