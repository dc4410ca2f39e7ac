import { describe, expect, it, test } from 'vitest';
import { differenceOf, legible, likenessKey, likenessTo } from '../../../src/files/label-likeness.js';

const alike: readonly (readonly [difference: string, one: string, other: string])[] = [
  ['case', 'Positive', 'positive'],
  ['case', 'ÉTÉ', 'été'],
  ['case', 'ΟΔΟΣ', 'οδος'],
  ['how letters are composed', 'cafe\u0301', 'caf\u00e9'],
  ['how letters are composed', '\u1112\u1161\u11ab', '\ud55c'],
  ['invisible characters', 'pos\u200b', 'pos'],
  ['invisible characters', 'co\u00adop', 'coop'],
  ['invisible characters', '\ufeffpos', 'pos'],
  ['invisible characters', 'p\u200dos', 'p\u2060os'],
  ['invisible characters', '\u2764\ufe0f', '\u2764'],
  ['invisible characters', '\u202apos\u202c', 'pos'],
  ['white space', 'very good', 'very\u00a0good'],
  ['white space', 'very  good', 'very good'],
  ['white space', ' pos ', 'pos'],
  ['the width of characters', '\uff30\uff2f\uff33', 'POS'],
  ['the width of characters', '\uff76\uff9e', '\u30ac'],
  ['quotes', '"pos"', 'pos'],
  ['how a number is written', '1.0', '1'],
  ['how a number is written', '01', '1'],
  ['how a number is written', '+2', '2'],
  ['how a number is written', '-0003.00', '-3'],
  ['case and how letters are composed', 'CAFE\u0301', 'caf\u00e9'],
  ['case and quotes', '"Pos"', 'pos'],
  ['case and white space', 'Very  Good', 'very good'],
];

describe('likenessKey and differenceOf', () => {
  it.each(alike)('finds labels that differ by %s: %j and %j', (difference, one, other) => {
    expect(likenessKey(one)).toBe(likenessKey(other));
    expect(differenceOf([one, other])).toBe(difference);
  });

  const different: readonly (readonly [one: string, other: string])[] = [
    ['pos', 'neg'],
    ['pos', 'pos.'],
    ['pos', 'po s'],
    ['very good', 'verygood'],
    ['very good', 'very_good'],
    ['Maße', 'Masse'],
    ['résumé', 'resume'],
    ['1', '-1'],
    ['1.1', '1.10'],
    ['1.5', '1'],
    ['10', '1'],
    ['0', '00x'],
    ['m²', 'm2'],
    ['½', '1/2'],
    ['es-AR', 'es-ES'],
    ['\u{1f44d}\u{1f3fb}', '\u{1f44d}'],
    // The flags of England and Scotland are told apart by characters that Unicode calls ignorable.
    [
      '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
      '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
    ],
  ];

  it.each(different)('keeps %j and %j apart', (one, other) => {
    expect(likenessKey(one)).not.toBe(likenessKey(other));
  });

  test('more than two labels differ by all that any two of them differ by', () => {
    expect(differenceOf(['Pos', 'pos', 'POS'])).toBe('case');
    expect(differenceOf(['Pos', 'pos', 'pos\u200b'])).toBe('invisible characters and case');
  });

  test('what two ways could explain has both names', () => {
    expect(differenceOf(['"pos "', 'pos', '\ufeffpos'])).toMatch(/quotes/);
  });
});

it('legible writes by its number what hides a difference, and nothing else', () => {
  expect(legible('cafe\u0301')).toBe('cafe\\u0301');
  expect(legible('caf\u00e9 au lait')).toBe('caf\u00e9 au lait');
  expect(legible('a\u00a0b\u200b')).toBe('a\\u00a0b\\u200b');
  expect(legible('\u{e0100}')).toBe('\\u{e0100}');
});

describe('likenessTo', () => {
  const like = likenessTo(['neg', 'positive']);

  it('names the known label and the difference', () => {
    expect(like('Positive')).toBe("; 'positive' differs from it by case alone");
    expect(like('neg\u200b')).toBe("; 'neg' differs from it by invisible characters alone");
  });

  it('says nothing of a label that looks like none', () => {
    expect(like('neutral')).toBe('');
    expect(like('')).toBe('');
  });
});
