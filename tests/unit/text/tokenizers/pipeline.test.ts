import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordedTokenizer, tokenizerOf } from '../../../../src/text/tokenizers/pipeline.js';
import { steps } from '../../../../src/text/tokenizers/registry.js';
import { AdvError } from '../../../../src/base/errors.js';
import { advError, anyText, forAll } from '../../support.js';

describe('tokenizerOf', () => {
  test('does the steps one after the other and names each with its version', () => {
    const tokenizer = tokenizerOf(['nfc', 'lowercase', 'words']);
    expect(tokenizer.steps).toEqual(['nfc@1', 'lowercase@1', 'words@1']);
    expect(tokenizer.tokenize('Příliš Z\u030cLUŤOUČKÝ kůň')).toEqual(['příliš', 'žluťoučký', 'kůň']);
  });

  test('does what it is told and nothing else', () => {
    expect(tokenizerOf(['whitespace']).tokenize('Z\u030c, A')).toEqual(['Z\u030c,', 'A']);
  });

  test('takes versions', () => {
    expect(tokenizerOf(['lowercase@1', 'words@1']).steps).toEqual(tokenizerOf(['lowercase', 'words']).steps);
  });

  test('rewrites each token by itself', () => {
    const stemming = tokenizerOf(['lowercase', 'words', 'czech-stem', 'czech-phonetic']);
    expect(stemming.steps).toEqual(['lowercase@1', 'words@1', 'czech-stem@1', 'czech-phonetic@1']);
    const [stem, phonetic] = [
      tokenizerOf(['whitespace', 'czech-stem']),
      tokenizerOf(['whitespace', 'czech-phonetic']),
    ];
    const expected = ['knihami', 'orla', '!']
      .flatMap((word) => stem.tokenize(word))
      .flatMap((word) => phonetic.tokenize(word));
    expect(stemming.tokenize('Knihami orla!')).toEqual(expected);
    expect(stem.tokenize('knihami orla')).toEqual(['knih', 'orl']);
  });

  test.each([
    [[], /expected text steps, then exactly one split, then token steps.* got no step/],
    [['nfc'], /exactly one split.* got nfc \(text\)$/],
    [['words', 'nfc'], /got words \(split\), nfc \(text\)$/],
    [['words', 'characters'], /got words \(split\), characters \(split\)$/],
    [['nfc', 'stem'], /expected steps among nfc@1, .*words@1, .*got 'stem'$/],
    [['nfc@7', 'words'], /expected steps among nfc@1, .*got 'nfc@7'$/],
    [['nfc@', 'words'], /got 'nfc@'$/],
    [['NFC', 'words'], /got 'NFC'$/],
  ])('refuses %j', (written, message) => {
    expect(() => tokenizerOf(written)).toThrow(
      advError('USAGE', new RegExp(`^--tokenizer: .*${message.source}`), /datasets\/README\.md/),
    );
  });
});

describe('recordedTokenizer', () => {
  const refuse = (problem: string) => new AdvError('MODEL', problem, 'hint');

  test('is the one that was recorded', () => {
    const tokenizer = tokenizerOf(['nfc', 'lowercase', 'words']);
    const found = recordedTokenizer(JSON.parse(JSON.stringify(tokenizer.steps)), refuse);
    expect(found.steps).toEqual(tokenizer.steps);
    expect(found.tokenize('Ahoj!')).toEqual(tokenizer.tokenize('Ahoj!'));
  });

  test.each([
    [undefined, /expected a list of steps, got undefined/],
    [{ name: 'words', version: 1 }, /expected a list of steps, got {"name":"words","version":1}/],
    ['words@1', /expected a list of steps/],
    [['nfc@1', 2], /expected a list of steps/],
    [['nfc@1', 'words@2'], /expected steps among .*got 'words@2'/],
    [['nfc', 'words@1'], /expected the version of every step, such as nfc@1,words@1, got nfc,words@1/],
  ])('refuses %j', (recorded, message) => {
    expect(() => recordedTokenizer(recorded, refuse)).toThrow(advError('MODEL', message));
  });
});

describe('the registry', () => {
  test('has no step twice, and the newest version last', () => {
    const versions = new Map<string, number[]>();
    for (const { name, version } of steps) versions.set(name, [...(versions.get(name) ?? []), version]);
    for (const [name, found] of versions) {
      expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(found).toEqual(Array.from(found, (_, place) => place + 1));
    }
  });

  const splits = steps.filter(({ kind }) => kind === 'split').map(({ name }) => name);
  const others = (wanted: string) => steps.filter(({ kind }) => kind === wanted).map(({ name }) => name);

  test('makes tokenizers that take any text, give the same twice and well-formed tokens only', async () => {
    const anySteps = fc
      .tuple(fc.subarray(others('text')), fc.constantFrom(...splits), fc.subarray(others('token')))
      .map(([before, split, after]) => [...before, split, ...after]);
    await forAll([anySteps, anyText], { numRuns: 1000 }).check((written, text) => {
      const tokenizer = tokenizerOf(written);
      const tokens = tokenizer.tokenize(text);
      expect(tokenizer.tokenize(text)).toEqual(tokens);
      for (const token of tokens) {
        expect(token).not.toBe('');
        expect(Buffer.from(token).toString()).toBe(token);
      }
    });
  });

  test.each(splits)('splits by %s in time in proportion to the text', (split) => {
    const tokenizer = tokenizerOf([...others('text'), split]);
    const started = performance.now();
    for (const unit of ['1', 'a', "a'", '1.', '-', "'", ' ', '\u0301', '🇨', '\u200d😀'])
      tokenizer.tokenize(unit.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test.each(splits)('loses nothing that can be seen when it splits by %s', async (split) => {
    const visible = (from: string) => from.replace(/[\s\p{Cf}]/gu, '');
    await forAll([fc.string({ unit: 'grapheme' })]).check((text) => {
      expect(visible(tokenizerOf([split]).tokenize(text).join(''))).toBe(visible(text));
    });
  });
});
