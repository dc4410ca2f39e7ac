import { punctuation, word } from './alphabet.js';

const notInWord = `(?<![${word}_])`;
const wordEnds = `(?![${word}_])`;

/**
 * Eyes, perhaps a tear and a nose, a mouth of any width: :) ;-) =D :'( :o) :-)))) >:( . Where the mouth is a letter or a sign
 * that occurs in paths and prices, no word may follow: 'C:\dir' and 'note:please' have no mouths.
 */
const western = [
  `>?[:;=]['’,]?[-^~oO]?`,
  String.raw`(?:\)+|\(+|\]+|\[+|\}+|\{+|(?:[dD]+|[pP]+|[oO])${wordEnds}|[\/\\|*$@]+(?![\/\\${word}]))`,
  `|:[-^]?[sSxX3]${wordEnds}`,
].join('');

/** Mouth first, alone or before punctuation: (: (-: )': . A bracket that opens a word is none. */
const reversed = String.raw`(?<!\S)(?:\(+|\)+|\]+|\[+)[-^~o]?['’]?[:;](?=\s|$|[${punctuation}])`;

/** <3 and </3, as HTML too. */
const heart = String.raw`(?:<|&lt;)\/?3+(?![${word}])`;

/** A mouth between two equal eyes. */
const sameEyes = (eyes: readonly string[], mouth: string): string =>
  eyes.map((eye) => eye + mouth + eye).join('|');

/** Two eyes with a mouth between them: ^_^ -_- o_O >.< T_T . Eyes that are letters belong to no word. */
const eastern = [
  String.raw`\^[._-]{0,3}\^`,
  sameEyes([String.raw`\*`, String.raw`\+`, String.raw`\$`, '-', '=', '~', '@', '°', '•', ';'], '[._]{1,3}'),
  String.raw`\._{1,3}\.`,
  '>[._]{1,3}<',
  `${notInWord}(?:${sameEyes(Array.from('oOxXtTuUqQ0'), '_{1,3}')}|o[._]{1,3}O|O[._]{1,3}o)${wordEnds}`,
].join('|');

const shrug = String.raw`¯\\_\(ツ\)_\/¯`;
const raisedArms = String.raw`\\[oO]\/`;

/**
 * A face made of signs. How much of a text is looked at is at most what is then one token, or a few characters, so that a
 * search takes time in proportion to the text.
 */
export const emoticon = `(?:${[western, heart, eastern, reversed, shrug, raisedArms].join('|')})`;
