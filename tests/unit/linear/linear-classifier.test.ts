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

/** Both classifiers of the corpus. */
async function bothTrained(classCount: number, threads: number) {
  const { texts, labels } = corpus(classCount);
  const rows = await countCorpus(textStream(texts), kinds);
  return LinearClassifier.train(loadAddon(), rows, labels, { classCount, seed: 3, threads });
}

const trained = async (classCount: number, threads: number): Promise<LinearClassifier> =>
  (await bothTrained(classCount, threads))[0];

describe('a linear classifier', () => {
  it.each([
    [2, 0],
    [3, 0],
    [2, 1],
    [3, 1],
  ] as const)(
    'of %i classes finds the class of almost every text it was trained on',
    async (count, which) => {
      const model = (await bothTrained(count, 1))[which];
      const { texts, labels } = corpus(count);
      const right = texts.filter((text, place) => {
        const scores = model.scoresOf(model.features.rowOf(text));
        expect(scores).toHaveLength(count);
        return scores.indexOf(Math.max(...scores)) === labels[place];
      });
      expect(right.length).toBeGreaterThan(225);
      expect(model.weights).toHaveLength((model.features.count + 1) * (count === 2 ? 1 : count));
    },
  );

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
    const both = await LinearClassifier.train(loadAddon(), rows, Int32Array.of(1, 1, 0), options);
    const [model] = both;
    expect(both.map(({ weights }) => weights.length)).toEqual([1, 1]);
    expect(model.features.count).toBe(0);
    expect(model.weights).toHaveLength(1);
    expect(model.scoresOf(model.features.rowOf('d'))[1]).toBeGreaterThan(0);
  });

  it('counts a feature that a text has once the same for naive Bayes, whatever its inverse frequency', async () => {
    const rows = await countCorpus(textStream(['a b', 'a b', 'a', 'a']), [{ unit: 'word', min: 1, max: 1 }]);
    const options = { classCount: 2, seed: 1, threads: 1 };
    const [, model] = await LinearClassifier.train(loadAddon(), rows, Int32Array.of(1, 1, 0, 0), options);
    const [score = 0] = model.scoresOf(model.features.rowOf('a b')).subarray(1);
    // Both are had by two texts of the second class; the first class has one of them alone.
    const [ofCommon, ofRare] = [Math.log(2.1 / 4.2 / (2.1 / 2.2)), Math.log(2.1 / 4.2 / (0.1 / 2.2))];
    const { columns, values } = model.features.rowOf('a b');
    const { hashes, inverseFrequencies } = model.features.table;
    const [rare] = model.features.rowOf('b').columns;
    expect(hashes).toHaveLength(2);
    const unit = (values[0] ?? 0) / (inverseFrequencies[columns[0] ?? 0] ?? 0);
    expect(score).toBeCloseTo(unit * (ofCommon + ofRare), 5);
    expect((model.weights[rare ?? 0] ?? 0) * (inverseFrequencies[rare ?? 0] ?? 0)).toBeCloseTo(ofRare, 5);
  });

  it('is the sum of two, each scaled', async () => {
    const both = await bothTrained(3, 1);
    const sum = LinearClassifier.sum(both, [0.5, 2]);
    const row = sum.features.rowOf('deep green water');
    const [svm, bayes] = both.map((one) => one.scoresOf(row));
    sum.scoresOf(row).forEach((score, place) => {
      expect(score).toBeCloseTo(0.5 * (svm?.[place] ?? 0) + 2 * (bayes?.[place] ?? 0), 5);
    });
  });

  it('is trained until the signal fires', async () => {
    const { texts, labels } = corpus(3);
    const rows = await countCorpus(textStream(texts), kinds);
    const options = { classCount: 3, seed: 3, threads: 1, signal: AbortSignal.abort() };
    const training = LinearClassifier.train(loadAddon(), rows, labels, options);
    await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
