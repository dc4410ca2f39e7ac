import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareCodePoints } from '../../../src/base/order.js';
import { tokenizerOf } from '../../../src/text/tokenizers/pipeline.js';
import { buildVocabulary, Vocabulary } from '../../../src/text/vocabulary.js';
import { advError, expectInterrupted, forAll, streamOf } from '../support.js';

const specials = ['<unk>', '<begin>', '<end>'];

const words = tokenizerOf(['nfc', 'lowercase', 'words']);

describe('buildVocabulary', () => {
  test('sorts by falling count, then by code point', async () => {
    const examples = streamOf(['b a b', 'x'], ['\u{1f600} \ufffd a b', 'x']);
    const { tokens } = await buildVocabulary(examples, words, 10);
    expect(tokens).toEqual([...specials, 'b', 'a', '\ufffd', '\u{1f600}']);
  });

  test('looks at the first maxTokens of a text only', async () => {
    const { tokens } = await buildVocabulary(streamOf(['a b c', 'x']), words, 2);
    expect(tokens).toEqual([...specials, 'a', 'b']);
  });

  test('stops when the signal fires', async () => {
    const built = buildVocabulary(streamOf(['a', 'x']), words, 2, AbortSignal.abort());
    await expectInterrupted(built);
  });
});

describe('Vocabulary', () => {
  const vocabulary = Vocabulary.fromTokens([...specials, 'a', 'b']);

  test('encodes with begin and end, cuts and counts the unknown among what is kept', () => {
    expect(vocabulary.encode(['b', 'z', 'a', 'y'], 3)).toEqual({
      ids: [1, 4, 0, 3, 2],
      truncated: true,
      unknown: ['z'],
    });
    expect(vocabulary.encode(['a'], 1)).toEqual({ ids: [1, 3, 2], truncated: false, unknown: [] });
    expect(vocabulary.encode([], 3)).toEqual({ ids: [1, 2], truncated: false, unknown: [] });
  });

  test('lets no text name a special token', () => {
    expect(vocabulary.encode(['<begin>', '<end>'], 3)).toEqual({
      ids: [1, 0, 0, 2],
      truncated: false,
      unknown: ['<begin>', '<end>'],
    });
  });

  test('gives every token back by its id', async () => {
    await forAll([fc.uniqueArray(fc.string({ minLength: 1 }))]).check((tokens) => {
      const ordinary = tokens.filter((token) => !specials.includes(token));
      const own = Vocabulary.fromTokens([...specials, ...ordinary]);
      const { ids, unknown } = own.encode(ordinary, ordinary.length);
      expect(unknown).toEqual([]);
      expect(ids.slice(1, -1).map((id) => own.tokens[id])).toEqual(ordinary);
      expect(own.size).toBe(ordinary.length + 3);
    });
  });

  test.each([
    [['a', 'b', 'c'], /expected '<unk>' as token 0 of the vocabulary, got "a"/],
    [['<unk>', '<begin>'], /expected '<end>' as token 2/],
    [[...specials, 'a', 'a'], /expected 2 different tokens.*got 1/],
  ])('refuses the list %j', (tokens, message) => {
    expect(() => Vocabulary.fromTokens(tokens)).toThrow(advError('MODEL', message));
  });
});

test('compareCodePoints orders like the code points of the strings', async () => {
  const character = fc.constantFrom('a', 'b', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}');
  const text = fc.string({ unit: character, maxLength: 4 });
  await forAll([text, text]).check((a, b) => {
    expect(Math.sign(compareCodePoints(a, b))).toBe(
      Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
  });
});
