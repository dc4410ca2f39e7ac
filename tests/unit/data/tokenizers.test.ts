import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokenizerFor, tokenizerNamed } from '../../../src/data/tokenizers.js';
import { advError } from './support.js';

const characters = tokenizerFor('char');
const words = tokenizerFor('word');

/** Any UTF-16 there is, lone surrogates included. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
);

describe('characters', () => {
  test('are code points', () => {
    expect(characters.tokenize('až😀')).toEqual(['a', 'ž', '😀']);
  });

  test('are composed first, so that both spellings of a letter are one token', () => {
    expect(characters.tokenize('z\u030c')).toEqual(['ž']);
  });

  test('have single spaces and none at the ends', () => {
    expect(characters.tokenize(' \ta \u00a0\n b\r\n')).toEqual(['a', ' ', 'b']);
  });

  test('are what their plain definition says, whatever the white space', () => {
    const spaced = fc.string({
      unit: fc.constantFrom('a', ' ', '\t', '\u00a0', '\n', '\ud800', 'z\u030c', '😀'),
    });
    fc.assert(
      fc.property(fc.oneof(spaced, anyText), (text) => {
        const normal = text.replace(/\p{Surrogate}/gu, '\ufffd').normalize('NFC');
        expect(characters.tokenize(text)).toEqual(Array.from(normal.replace(/\s+/gu, ' ').trim()));
      }),
    );
  });

  test('keep case and punctuation', () => {
    expect(characters.tokenize('Ab!')).toEqual(['A', 'b', '!']);
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
  ])('of %j', (text, tokens) => {
    expect(words.tokenize(text)).toEqual(tokens);
  });

  test('lower-case letters that lower-casing takes apart', () => {
    expect(words.tokenize('\u0130')).toEqual(['i\u0307']);
  });
});

describe.each([characters, words])('the tokenizer $name', (tokenizer) => {
  test('takes any text, gives the same twice and well-formed tokens only', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tokens = tokenizer.tokenize(text);
        expect(tokenizer.tokenize(text)).toEqual(tokens);
        for (const token of tokens) {
          expect(token).not.toBe('');
          expect(Buffer.from(token).toString()).toBe(token);
        }
      }),
    );
  });

  test('loses nothing but white space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const visible = (from: string) => from.replace(/\s/gu, '');
        const expected = tokenizer === words ? text.toLowerCase() : text;
        expect(visible(tokenizer.tokenize(text).join(''))).toBe(visible(expected.normalize('NFC')));
      }),
    );
  });

  test('takes time in proportion to the text', () => {
    const started = performance.now();
    for (const unit of ['1', 'a', "a'", '1.', '-', "'", ' ', '\u0301'])
      tokenizer.tokenize(unit.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('is found by its name and version', () => {
    expect(tokenizerNamed(tokenizer.name, tokenizer.version)).toBe(tokenizer);
    expect(() => tokenizerNamed(tokenizer.name, 99)).toThrow(
      advError('MODEL', new RegExp(`got '${tokenizer.name}' version 99`), /version of advnative/),
    );
  });
});
