const vowel = /[aáäeéěiíoóôuúůyý]/;

/** r and l are sung like a vowel behind a consonant, and the long ones of Slovak always: prst, vlk, vŕba, stĺp. */
const syllabic = /[bcčdďfghjkmnňpřsštťvzž][rl]|[ŕĺ]/;

/**
 * Whether a word has anything that carries a syllable: a vowel, or r or l behind a consonant. What has none is an
 * abbreviation, a preposition of one letter or a noise such as pst.
 *
 * @param word lower-case letters
 */
export function hasSyllable(word: string): boolean {
  return vowel.test(word) || syllabic.test(word);
}
