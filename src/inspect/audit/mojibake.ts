import { decodeWindows1252 } from '../../files/windows-1252.js';

/** Encodings that UTF-8 is mistaken for in Europe: the character of a byte from 0x80 on. */
const codePages: readonly ((byte: number) => string)[] = [
  (byte) => decodeWindows1252(Buffer.of(byte)),
  (byte) => new TextDecoder('windows-1250').decode(Uint8Array.of(byte)),
  (byte) => new TextDecoder('windows-1251').decode(Uint8Array.of(byte)),
];

/**
 * Bytes of UTF-8: what a sequence of two, three or four begins with, and what it goes on with. 0xD7 and those from 0xDA to 0xDF
 * are left out: they would be × and ß, which stand before other signs in right texts.
 */
const leads = [
  { from: 0xc2, to: 0xd6, following: 1 },
  { from: 0xd8, to: 0xd9, following: 1 },
  { from: 0xe0, to: 0xef, following: 2 },
  { from: 0xf0, to: 0xf4, following: 3 },
] as const;
const continuation = { from: 0x80, to: 0xbf } as const;

/**
 * Punctuation among what the following bytes become, and what of it may stand between two words without a space. ´ and ¨ are
 * typed for quotes.
 */
const punctuation = /^[‚„“”‘’«»‹›…–—•´¨\u00a0]+$/u;
const betweenWords = /[…–—]/u;

/** What the first byte of most accented letters becomes; hardly a text has these before a sign. */
const usualLeads = /^[ÂÃĂ]$/u;

/** What quotes and dashes become. */
const usualPunctuation = /^(?:â€|вЂ)/u;

/** Å alone before such a sign is the unit. */
const behindUnit = /^[²³±·]$/u;

/**
 * Central European letters decoded as Western ones: ř, ě and č become ø, ì and è by Windows-1250 for 1252, š and ž become ¹ and ¾
 * by Latin-2 for Latin-1. No language has ø before í, and no word has ¹ or ¾ within.
 */
const westernForCentral = /ø(?=í)|(?<=\p{Ll})[¹¾](?=\p{Ll})/u;

/** For each code page, one sequence of UTF-8 whose bytes were read as single characters. */
const pages: readonly RegExp[] = codePages.map((characterOf) => {
  const characters = (from: number, to: number): string =>
    Array.from({ length: to - from + 1 }, (_, offset) => {
      const byte = from + offset;
      // In Latin-1 itself the bytes below 0xA0 are control characters.
      const control = byte < 0xa0 ? String.fromCharCode(byte) : '';
      return characterOf(byte) + control;
    }).join('');
  const following = characters(continuation.from, continuation.to);
  const sequences = leads.map(
    ({ from, to, following: count }) => `[${characters(from, to)}][${following}]{${count}}`,
  );
  return new RegExp(sequences.join('|'), 'gu');
});

/**
 * Where a text was decoded as another encoding: UTF-8 as Windows-1252, Latin-1, Windows-1250 or Windows-1251 ('Ã©', 'Ă©' or 'Г©'
 * for é, 'Å™' for ř, 'â€™' for an apostrophe), or Central European bytes as Western ones ('øíct' for říct, 'my¹lenka' for myšlenka).
 * Such sequences occur in right texts too, and what surrounds them decides: 'Ăş' begins a Romanian word, 'já“…' ends a quotation,
 * 'zvlášť' is Czech, 'NESTLÉ®' is a name.
 *
 * @returns the place of one such sequence, in code units; −1 where there is none
 */
export function findMojibake(text: string): number {
  for (const pattern of pages) {
    for (const { 0: sequence, index } of text.matchAll(pattern)) {
      const [before, after] = [
        text.slice(Math.max(0, index - 2), index),
        text.slice(index + sequence.length),
      ];
      if (isWrong(sequence, before, after)) return index;
    }
  }
  return firstWesternForCentral(text);
}

/** Where a letter of one byte stands for another; −1 where none does. Nor does any language have both ø and ì. */
function firstWesternForCentral(text: string): number {
  return text.search(text.includes('ø') && text.includes('ì') ? /[øì]/u : westernForCentral);
}

/**
 * @param sequence the characters that bytes of UTF-8 were taken for
 * @param before at least the character before it
 * @param after what follows
 */
function isWrong(sequence: string, before: string, after: string): boolean {
  const [lead, rest] = [sequence.slice(0, 1), sequence.slice(1)];
  const capital = /\p{Lu}/u.test(lead);
  const insideWord = /\p{Ll}$/u.test(before);
  if (usualPunctuation.test(sequence)) return true;
  // Letters, as in 'zvlášť': right but for a capital letter in the middle of a word.
  if (/\p{L}/u.test(rest)) return capital && insideWord;
  // Quotes, dashes and dots stand behind any word: wrong are those inside one, behind a capital letter.
  const beforeWord = /^\p{Ll}/u.test(after) && !betweenWords.test(rest);
  // Cyrillic names end in capitals behind small letters, as 'БиХ“', and stand before other signs as well, as in '20 С°'.
  const cyrillic = /\p{Script=Cyrillic}/u.test(lead);
  if (punctuation.test(rest))
    return capital && (cyrillic ? insideWord && beforeWord : insideWord || beforeWord);
  if (cyrillic) return capital && (insideWord || beforeWord);
  const alone = !/\p{L}$/u.test(before) && !/^\p{L}/u.test(after);
  if (lead === 'Å' && alone && behindUnit.test(rest)) return false;
  // Other signs follow a capital letter in names, whose letters before are capitals too.
  return usualLeads.test(lead) || !/\p{Lu}$/u.test(before);
}
