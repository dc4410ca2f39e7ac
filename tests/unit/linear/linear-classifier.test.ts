import { describe, expect, it } from 'vitest';
import { loadAddon } from '../../../src/engine/loader.js';
import { countCorpus } from '../../../src/text/ngrams/count-corpus.js';
import { LinearClassifier } from '../../../src/linear/linear-classifier.js';
import { textStream } from '../support.js';

const kinds = [{ unit: 'word', min: 1, max: 2 }] as const;
const topics = [
  ['red', 'apple', 'sweet'],
  ['blue', 'water', 'deep'],
  ['green', 'grass', 'tall'],
];

/** Texts of some topics: two words of their own and two of any. */
function corpus(classCount: number): { texts: string[]; labels: Int32Array } {
  const all = topics.flat();
  const rows = Array.from({ length: 240 }, (_, place) => {
    const own = topics[place % classCount] ?? [];
    const any = all[(place * 5) % all.length] ?? '';
    return `${own[place % 3] ?? ''} ${own[(place + 1) % 3] ?? ''} ${any} thing`;
  });
  return { texts: rows, labels: Int32Array.from(rows, (_, place) => place % classCount) };
}

async function trained(classCount: number, threads: number): Promise<LinearClassifier> {
  const { texts, labels } = corpus(classCount);
  const rows = await countCorpus(textStream(texts), kinds);
  return LinearClassifier.train(loadAddon(), rows, labels, { classCount, seed: 3, threads });
}

describe('a linear classifier', () => {
  it.each([2, 3])('of %i classes finds the class of almost every text it was trained on', async (count) => {
    const model = await trained(count, 1);
    const { texts, labels } = corpus(count);
    const right = texts.filter((text, place) => {
      const scores = model.scoresOf(model.features.rowOf(text));
      expect(scores).toHaveLength(count);
      return scores.indexOf(Math.max(...scores)) === labels[place];
    });
    expect(right.length).toBeGreaterThan(225);
    expect(model.weights).toHaveLength((model.features.count + 1) * (count === 2 ? 1 : count));
  });

  it('scores a text by the weights of its features and the bias', async () => {
    const model = await trained(3, 1);
    const text = 'deep green water and other';
    const row = model.features.rowOf(text);
    const { columns, values } = row;
    const naive = [0, 1, 2].map((score) => {
      const weightOf = (feature: number): number => model.weights[feature * 3 + score] ?? Number.NaN;
      const parts = Array.from(columns, (column, place) => (values[place] ?? 0) * weightOf(column));
      return parts.reduce((sum, part) => sum + part, weightOf(model.features.count));
    });
    expect(columns.length).toBeGreaterThan(2);
    model.scoresOf(row).forEach((score, place) => {
      expect(score).toBeCloseTo(naive[place] ?? Number.NaN, 10);
    });
  });

  it('has the same weights for any number of threads', async () => {
    const [one, three] = [await trained(3, 1), await trained(3, 3)];
    expect(one.weights).toEqual(three.weights);
  });

  it('of texts without a common word knows the classes by their bias', async () => {
    const rows = await countCorpus(textStream(['a', 'b', 'c']), kinds);
    const options = { classCount: 2, seed: 1, threads: 1 };
    const model = await LinearClassifier.train(loadAddon(), rows, Int32Array.of(1, 1, 0), options);
    expect(model.features.count).toBe(0);
    expect(model.weights).toHaveLength(1);
    expect(model.scoresOf(model.features.rowOf('d'))[1]).toBeGreaterThan(0);
  });

  it('is trained until the signal fires', async () => {
    const { texts, labels } = corpus(3);
    const rows = await countCorpus(textStream(texts), kinds);
    const options = { classCount: 3, seed: 3, threads: 1, signal: AbortSignal.abort() };
    const training = LinearClassifier.train(loadAddon(), rows, labels, options);
    await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
