import { describe, expect, it } from 'vitest';
import { countCorpus } from '../../../../src/text/ngrams/count-corpus.js';
import type { NgramKind } from '../../../../src/text/ngrams/kind.js';
import { countTerms } from '../../../../src/text/ngrams/term-counts.js';
import { textStream } from '../../support.js';

const words: readonly NgramKind[] = [{ unit: 'word', min: 1, max: 1 }];
const hashOf = (word: string): number => countTerms(word, words).hashes[0] ?? -1;

describe('the features of a corpus', () => {
  it('are the n-grams of two texts or more, weighed by TF-IDF', async () => {
    const texts = ['sun sun sun moon', 'sun moon moon star', 'sun', 'only here'];
    const { features, offsets, columns, values } = await countCorpus(textStream(texts), words);
    const place = (word: string): number => features.table.hashes.indexOf(hashOf(word));
    expect(features.count).toBe(2);
    expect([place('sun'), place('moon')].sort()).toEqual([0, 1]);
    expect(place('star')).toBe(-1);
    expect(Array.from(offsets)).toEqual([0, 2, 4, 5, 5]);
    const weights = { sun: Math.log(5 / 4) + 1, moon: Math.log(5 / 3) + 1 };
    const [sun, moon] = [(1 + Math.log(3)) * weights.sun, weights.moon];
    const norm = Math.hypot(sun, moon);
    const first = new Map(Array.from(columns.slice(0, 2), (column, at) => [column, values[at]]));
    expect(first.get(place('sun'))).toBeCloseTo(sun / norm, 6);
    expect(first.get(place('moon'))).toBeCloseTo(moon / norm, 6);
    expect(values[4]).toBe(1);
  });

  it('weigh each text as they weigh it alone', async () => {
    const kinds: readonly NgramKind[] = [
      { unit: 'char', min: 1, max: 4 },
      { unit: 'word', min: 1, max: 2 },
    ];
    const texts = Array.from(
      { length: 600 },
      (_, place) => `text ${place % 7} of ${(place * 37) % 101} words`,
    );
    const { features, offsets, columns, values } = await countCorpus(textStream(texts), kinds);
    texts.forEach((text, row) => {
      const alone = features.rowOf(text);
      const [begin, end] = [offsets[row] ?? 0, offsets[row + 1] ?? 0];
      expect(alone.columns).toEqual(columns.subarray(begin, end));
      expect(alone.values).toEqual(values.subarray(begin, end));
      expect(alone.values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
    });
    expect(features.rowOf('ЖЖЖ').columns.length).toBeLessThan(3);
  });

  it('are counted until the signal fires', async () => {
    const reason = AbortSignal.abort();
    await expect(countCorpus(textStream(['a']), words, reason)).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
  });
});
