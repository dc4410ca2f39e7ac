import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokenizerOf } from '../../../../src/text/tokenizers/pipeline.js';
import { anyText, forAll } from '../../support.js';

const characters = tokenizerOf(['nfc', 'characters']);
const words = tokenizerOf(['nfc', 'lowercase', 'words']);
const graphemes = tokenizerOf(['graphemes']);

describe('characters', () => {
  test.each([
    ['are code points', 'až😀', ['a', 'ž', '😀']],
    ['are composed first, so that both spellings of a letter are one token', 'z\u030c', ['ž']],
    ['have single spaces and none at the ends', ' \ta \u00a0\n b\r\n', ['a', ' ', 'b']],
    ['keep case and punctuation', 'Ab!', ['A', 'b', '!']],
  ])('%s', (_, text, tokens) => {
    expect(characters.tokenize(text)).toEqual(tokens);
  });

  test('are what their plain definition says, whatever the white space', async () => {
    const spaced = fc.string({
      unit: fc.constantFrom('a', ' ', '\t', '\u00a0', '\n', '\ud800', 'z\u030c', '😀'),
    });
    await forAll([fc.oneof(spaced, anyText)]).check((text) => {
      const normal = text.replace(/\p{Surrogate}/gu, '\ufffd').normalize('NFC');
      expect(characters.tokenize(text)).toEqual(Array.from(normal.replace(/\s+/gu, ' ').trim()));
    });
  });
});

describe('graphemes', () => {
  test.each([
    ['až', ['a', 'ž']],
    ['z\u030ca', ['z\u030c', 'a']],
    ['👍🏽!', ['👍🏽', '!']],
    ['👩‍👩‍👧', ['👩‍👩‍👧']],
    ['🇨🇿🇸🇰', ['🇨🇿', '🇸🇰']],
    ['각', ['각']],
    [' \ta \n b\r\n', ['a', ' ', 'b']],
    ['', []],
  ])('of %j', (text, tokens) => {
    expect(graphemes.tokenize(text)).toEqual(tokens);
  });

  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  const segmented = (text: string) => Array.from(segmenter.segment(text), ({ segment }) => segment);

  test('are those of the segmenter for every character beside itself and a letter', () => {
    for (let code = 0x21; code < 0xfffe; code += 1) {
      const character = String.fromCharCode(code).toWellFormed();
      const text = `a${character}${character}b`.replace(/\s/gu, '');
      expect(graphemes.tokenize(text)).toEqual(segmented(text));
    }
  });

  test('are those of the segmenter for long texts and long clusters', async () => {
    const unit = fc.oneof(
      fc.constantFrom('a', 'ž', 'ж', '각', 'z\u030c', '\u0301', '\u200d', '🇨', '🇿', '👍🏽', '👩‍👩‍👧'),
      fc.constantFrom('क्षि', '\u0600', 'กำ', '各'),
      fc.constantFrom('\u0301', 'abc', '😀\u200d', '🇨🇿').map((part) => part.repeat(150)),
      fc.string({ unit: 'binary', maxLength: 2 }),
    );
    const text = fc
      .array(unit, { maxLength: 40, size: 'max' })
      .map((parts) => parts.join('').replace(/\s/gu, '').toWellFormed());
    await forAll([text], { numRuns: 60 }).check((given) => {
      expect(graphemes.tokenize(given)).toEqual(segmented(given));
    });
  });
});

describe('words', () => {
  test.each([
    ['Where is Mary?', ['where', 'is', 'mary', '?']],
    ['don’t stop', ['don’t', 'stop']],
    ["it's well-known 'quoted'", ["it's", 'well-known', "'", 'quoted', "'"]],
    ['costs 1,234.50 Kč.', ['costs', '1,234.50', 'kč', '.']],
    ['version 2 of 3.', ['version', '2', 'of', '3', '.']],
    ['covid-19 h2o', ['covid-19', 'h2o']],
    ['a--b', ['a', '-', '-', 'b']],
    ['Příliš ŽLUŤOUČKÝ kůň', ['příliš', 'žluťoučký', 'kůň']],
    ['Z\u030cLUT', ['žlut']],
    ['good 😀!', ['good', '😀', '!']],
    ['हिन्दी', ['हिन्दी']],
    ['  ', []],
    ['česko\u2010slovenský non\u2011stop', ['česko\u2010slovenský', 'non\u2011stop']],
    // Marks belong to what stands before them.
    ['❤️super', ['❤️', 'super']],
    ['-\u0301a', ['-\u0301', 'a']],
    ['1.5\u0323x', ['1.5\u0323', 'x']],
    ['\ufe0fsuper', ['\ufe0f', 'super']],
    // What cannot be seen is no token and parts no word, but for the space without width.
    ['sou\u00adbor \u00ad', ['soubor']],
    ['\u200fab\u2060c\u202c \u2066d\u2069', ['abc', 'd']],
    ['a\u200bb', ['a', 'b']],
    // Joiners spell in some scripts and do nothing in others.
    ['می\u200cخواهم', ['می\u200cخواهم']],
    ['क्\u200dष', ['क्\u200dष']],
    ['shelf\u200cful м\u200dи μ\u200dα', ['shelfful', 'ми', 'μα']],
    ['\u200dа \u200c', ['а']],
    ['👩\u200d👧', ['👩\u200d', '👧']],
    // Lower-casing takes one letter apart, and the other has one form in lower case only.
    ['\u0130', ['i\u0307']],
    ['J\u030c', ['\u01f0']],
  ])('of %j', (text, tokens) => {
    expect(words.tokenize(text)).toEqual(tokens);
  });
});

test('what stands between white space is a token as it is', () => {
  const tokenized = ' it \'s n\'t "easy" ,\u00a0is it ?\n';
  expect(tokenizerOf(['whitespace']).tokenize(tokenized)).toEqual([
    ...['it', "'s", "n't", '"easy"', ',', 'is', 'it', '?'],
  ]);
  expect(tokenizerOf(['whitespace']).tokenize(' ')).toEqual([]);
});

test.each([
  ['Příliš žluťoučký kůň', 'Prilis zlutoucky kun'],
  ['z\u030c', 'z'],
  ['café', 'cafe'],
  ['\u1e07 x\u0338 x\u036f', 'b x x'],
  ['łđø', 'łđø'],
  ['й ё', 'и е'],
  ['हिन्दी', 'हिन्दी'],
  ['각 ½ ﬁ', '각 ½ ﬁ'],
])('strip-diacritics makes of %j', (text, expected) => {
  expect(tokenizerOf(['strip-diacritics', 'whitespace']).tokenize(text).join(' ')).toBe(expected);
});
