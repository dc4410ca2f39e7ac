/**
 * The sounds of Czech, each one code point. Where the alphabet has a letter that is read in one way only, the letter
 * stands for itself:
 *
 * | sounds                                | symbols               | IPA                     |
 * | ------------------------------------- | --------------------- | ----------------------- |
 * | short vowels                          | a e i o u             | a ɛ ɪ o u               |
 * | long vowels                           | á é í ó ú             | aː ɛː iː oː uː          |
 * | diphthongs au, eu, ou                 | ɑ ɘ ȣ                 | aʊ̯ ɛʊ̯ oʊ̯                |
 * | voiced obstruents                     | b d ď g v z ž ʣ ʤ h ɣ | b d ɟ ɡ v z ʒ d͡z d͡ʒ ɦ ɣ |
 * | their voiceless partners              | p t ť k f s š c č χ χ | p t c k f s ʃ t͡s t͡ʃ x x |
 * | ř, voiced and voiceless               | ř ɼ                   | r̝ r̝̊                     |
 * | nasals; ɱ before f, v and ŋ before k, g | m ɱ n ŋ ň           | m ɱ n ŋ ɲ               |
 * | other sonorants                       | l r j                 | l r j                   |
 * | Slovak sounds that Czech lacks        | ľ ĺ ŕ ô               | ʎ lː rː ʊ̯o              |
 *
 * Letters of other languages stay in the word and take no part in its rules.
 *
 * Symbols are handled as UTF-16 code units, because that is what a string is walked by without making another string.
 */
export const czechSounds = 'aeiouáéíóúɑɘȣbdďgvzžʣʤhɣptťkfsšcčχřɼmɱnŋňlrj';

/** Slovak letters that stay. */
export const slovakSounds = 'ľĺŕô';

/** Voiced obstruents; ɣ stands behind h, so that χ becomes voiced as ɣ. */
const voiced = 'bdďgvzžʣʤřhɣ';
/** Their voiceless partners, in the same order. */
const voiceless = 'ptťkfsšcčɼχχ';

/** Code units of all symbols are below this. */
const tableSize = 0x400;

const toVoiceless = new Uint16Array(tableSize);
const toVoiced = new Uint16Array(tableSize);
for (let place = 0; place < voiced.length; place++) {
  toVoiceless[voiced.charCodeAt(place)] = voiceless.charCodeAt(place);
  toVoiced[voiceless.charCodeAt(place)] = voiced.charCodeAt(place);
}

const consonants = new Uint8Array(tableSize);
for (const consonant of voiced + voiceless + 'mɱnŋňlrj') consonants[consonant.charCodeAt(0)] = 1;

const vowelLetters = new Uint8Array(tableSize);
for (const vowel of 'aáeéěiíoóuúůyýäô') vowelLetters[vowel.charCodeAt(0)] = 1;

/** The code unit of a symbol or letter. */
export function unitOf(symbol: string): number {
  return symbol.charCodeAt(0);
}

/** Two code units as one number, to look pairs up by; the second is 0 where there is none. */
export function pairOf(unit: number, next: number): number {
  return (unit << 16) | next;
}

/** The voiceless partner of a voiced obstruent; 0 for every other sound. */
export function voicelessPartner(sound: number): number {
  return toVoiceless[sound] ?? 0;
}

/** The voiced partner of a voiceless obstruent; 0 for every other sound. */
export function voicedPartner(sound: number): number {
  return toVoiced[sound] ?? 0;
}

/** Whether a sound is a consonant of Czech. */
export function isConsonant(sound: number): boolean {
  return consonants[sound] === 1;
}

/** Whether a written letter is a vowel. */
export function isVowelLetter(letter: number): boolean {
  return vowelLetters[letter] === 1;
}
