import { expect, it } from 'vitest';
import {
  classifierConfig,
  evaluateTexts,
  predictLogits,
  stepOptions,
} from '../../../src/training/native-model.js';
import { allTexts, FakeClassifier, recipe, split } from './support.js';

it('perturbs in the adversarial and the random regimes only, each by its own attack', () => {
  expect(stepOptions(recipe)).toMatchObject({
    attack: { kind: 'fast-gradient-sign', epsilon: 0.05, unit: 'std' },
    alpha: 0.5,
  });
  expect(stepOptions({ ...recipe, regime: 'adversarial+dropout', dropoutKeep: 0.5 })).toMatchObject({
    dropoutKeep: 0.5,
    alpha: 0.5,
  });
  for (const regime of ['random', 'random+dropout'] as const) {
    expect(stepOptions({ ...recipe, regime })).toMatchObject({
      attack: { kind: 'random-sign', epsilon: 0.05, unit: 'std' },
      alpha: 0.5,
    });
  }
  for (const regime of ['vanilla', 'dropout'] as const) {
    expect('attack' in stepOptions({ ...recipe, regime })).toBe(false);
  }
});

it('describes the model of a recipe to the engine', () => {
  const dimensions = { embedding: 2, hidden: 3, mlp: 4 };
  const other = { cell: 'lstm', pooling: ['max', 'last'], layers: 3, ema: 0.9 } as const;
  const described = { ...recipe, ...other, dimensions };
  expect(
    classifierConfig({ ...described, loss: 'squared' }, { vocabularySize: 9, classCount: 5 }, 2).loss,
  ).toBe('squared');
  expect(classifierConfig(described, { vocabularySize: 9, classCount: 5 }, 2)).toEqual({
    cell: 'lstm',
    pooling: ['max', 'last'],
    layers: 3,
    buckets: 0,
    ...{ vocabularySize: 9, embeddingSize: 2, hiddenSize: 3, mlpSize: 4, classCount: 5 },
    ...{ unknownId: 0, embeddingRange: 0.1, ema: 0.9, loss: 'cross-entropy', seed: 7, threads: 2 },
  });
});

it('tells the engine of buckets where words have n-grams', () => {
  const size = { vocabularySize: 9, classCount: 5 };
  expect(classifierConfig({ ...recipe, subwords: [2, 5], buckets: 77 }, size, 1).buckets).toBe(77);
  expect(classifierConfig({ ...recipe, subwords: null, buckets: 77 }, size, 1).buckets).toBe(0);
});

it('puts losses and predictions at the rows of their examples, for any batch size', async () => {
  const data = await allTexts(await split(23, 2));
  const classifier = new FakeClassifier();
  classifier.writeParameters(Float32Array.from({ length: 36 }, (_, place) => Math.sin(place)));
  const whole = await classifier.evaluate(data);
  const done: number[] = [];
  const parts = await evaluateTexts(classifier, data, 4, { onProgress: (count) => done.push(count) });
  expect(parts).toEqual(whole);
  expect(done).toEqual([4, 4, 4, 4, 4, 3]);
});

it('predicts any number of texts in batches', async () => {
  const classifier = new FakeClassifier();
  const sizes: number[] = [];
  const predicting = Object.assign(classifier, {
    predict: (texts: { ids: Int32Array; offsets: Int32Array }) => {
      sizes.push(texts.offsets.length - 1);
      return Promise.resolve(Float32Array.from(texts.ids).slice(0, 3 * (texts.offsets.length - 1)));
    },
  });
  const count = 70;
  const texts = {
    ids: Int32Array.from({ length: 3 * count }, (_, place) => place),
    offsets: Int32Array.from({ length: count + 1 }, (_, row) => 3 * row),
  };
  expect(await predictLogits(predicting, texts)).toEqual(Float32Array.from(texts.ids));
  expect(sizes).toEqual([32, 32, 6]);
});
