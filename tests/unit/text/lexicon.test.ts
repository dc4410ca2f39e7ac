import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Lexicon, packEncoded } from '../../../src/text/lexicon.js';
import { packTexts, pickTexts, sliceTexts } from '../../../src/text/packed.js';
import { bucketsOf, subwordCount } from '../../../src/text/subwords.js';
import { Vocabulary } from '../../../src/text/vocabulary.js';
import { forAll } from '../support.js';

const vocabulary = Vocabulary.fromTokens(['<unk>', '<begin>', '<end>', 'a', 'bb']);
const subwords = { shortest: 2, longest: 3, buckets: 50 };

describe('a lexicon', () => {
  test('gives each word that the vocabulary lacks an id of its own', () => {
    const lexicon = new Lexicon(vocabulary, subwords);
    const idsOf = (...words: string[]) => lexicon.idsOf(vocabulary.encode(words, 9));
    expect(idsOf('a', 'x', 'bb', 'y', 'x')).toEqual([1, 3, 5, 4, 6, 5, 2]);
    expect(idsOf('y', 'z')).toEqual([1, 6, 7, 2]);
  });

  test('tells the words of texts in the order in which they come; begin and end have no n-grams', () => {
    const lexicon = new Lexicon(vocabulary, subwords);
    const ids = lexicon.idsOf(vocabulary.encode(['x', 'a', 'x', '<end>'], 9));
    const ngrams = [[], ...['x', 'a', '<end>'].map((word) => bucketsOf(word, subwords)), []];
    const { ids: buckets, offsets } = packTexts(ngrams);
    expect(lexicon.withWords(packTexts([ids]))).toEqual({
      ids: Int32Array.of(0, 1, 2, 1, 3, 4),
      offsets: Int32Array.of(0, 6),
      words: { ids: Int32Array.of(1, 0, 3, 0, 2), offsets, buckets },
    });
  });

  test('counts the n-grams of the words with most of them', () => {
    const lexicon = new Lexicon(vocabulary, subwords);
    lexicon.idsOf(vocabulary.encode(['xxxx'], 9));
    const [long, short, least] = ['xxxx', 'bb', 'a'].map((word) => subwordCount(word, subwords));
    expect(lexicon.mostSubwords(1)).toBe(long);
    expect(lexicon.mostSubwords(2)).toBe((long ?? 0) + (short ?? 0));
    expect(lexicon.mostSubwords(99)).toBe((long ?? 0) + (short ?? 0) + (least ?? 0));
  });
});

test('some of packed texts have the words that they have when they are packed alone', async () => {
  const word = fc.constantFrom('a', 'bb', 'x', 'yy', 'zzz');
  const texts = fc.array(fc.array(word, { maxLength: 6 }), { minLength: 1, maxLength: 9 });
  await forAll([texts, fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), fc.nat()]).check(
    (all, picks, cut) => {
      const encoded = all.map((words) => vocabulary.encode(words, 9));
      const whole = { ...packEncoded(encoded, vocabulary, subwords), labels: new Int32Array(all.length) };
      const rows = picks.map((pick) => pick % all.length);
      const some = rows.flatMap((row) => encoded.slice(row, row + 1));
      const { labels, ...picked } = pickTexts(whole, Int32Array.from(rows));
      expect(labels).toHaveLength(rows.length);
      expect(picked).toEqual(packEncoded(some, vocabulary, subwords));
      const first = cut % all.length;
      const rest = packEncoded(encoded.slice(first), vocabulary, subwords);
      expect(sliceTexts(whole, first, all.length)).toEqual(rest);
    },
  );
});
