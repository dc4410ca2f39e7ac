import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalisedText } from '../../../src/text/normalised-text.js';
import { TextGroups } from '../../../src/text/text-groups.js';
import { forAll } from '../support.js';

describe('normalisedText', () => {
  test('composes, lower-cases and squeezes white space', () => {
    expect(normalisedText('  Z\u030cena\u00a0\t JDE\n')).toBe('žena jde');
    expect(normalisedText('İ')).toBe(normalisedText('i\u0307'));
    expect(normalisedText(' \n')).toBe('');
  });

  test('changes nothing the second time', async () => {
    await forAll([fc.string({ unit: 'binary' })]).check((text) => {
      const once = normalisedText(text);
      expect(normalisedText(once)).toBe(once);
    });
  });
});

describe('TextGroups', () => {
  test('numbers texts as a map would, however many there are', () => {
    const groups = new TextGroups();
    const expected = new Map<string, number>();
    for (let number = 0; number < 30_000; number++) {
      const text = `text ${(number * 7919) % 20_011}`;
      const known = expected.get(text) ?? expected.size;
      expected.set(text, known);
      expect(groups.groupOf(text)).toBe(known);
    }
    expect(groups.count).toBe(expected.size);
  });

  test('tells lone surrogates apart', () => {
    const groups = new TextGroups();
    expect(['a\ud800', 'a\udbff', 'a\ufffd', 'a\ud800', ''].map((text) => groups.groupOf(text))).toEqual([
      0, 1, 2, 0, 3,
    ]);
  });
});
