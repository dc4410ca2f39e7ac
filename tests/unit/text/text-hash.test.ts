import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { textHash, textHashForm } from '../../../src/text/text-hash.js';
import { forAll } from '../support.js';

it('is the start of the SHA-256 of the text in UTF-8, which other programs compute too', async () => {
  await forAll([fc.string({ unit: 'grapheme' })]).check((text) => {
    const whole = createHash('sha256').update(text, 'utf8').digest('hex');
    expect(textHash(text)).toBe(whole.slice(0, 32));
    expect(textHash(text)).toMatch(textHashForm);
  });
  expect(textHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223');
});

it('tells texts apart that differ in white space, composition or a lone surrogate', () => {
  const texts = [
    ...['film', 'film ', ' film', 'Film', 'fílm', 'fi\u0301lm', 'film\ud800', 'film\udc00', 'film\ufffd'],
  ];
  expect(new Set(texts.map(textHash)).size).toBe(texts.length);
});
