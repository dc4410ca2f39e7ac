import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ClassificationTally } from '../../../src/statistics/metrics.js';
import { advError, forAll } from '../support.js';

function metricsOf(labels: number[], predictions: number[], classNames: string[], losses?: number[]) {
  const tally = new ClassificationTally(classNames);
  tally.add(scoresOf(labels, predictions, losses ?? labels.map(() => 0.5)));
  return tally.metrics();
}

function scoresOf(labels: number[], predictions: number[], losses: number[]) {
  return {
    labels: Int32Array.from(labels),
    predictions: Int32Array.from(predictions),
    losses: Float64Array.from(losses),
  };
}

it('gives what scikit-learn’s documentation gives for its example', () => {
  // sklearn.metrics.f1_score: y_true = [0, 1, 2, 0, 1, 2], y_pred = [0, 2, 1, 0, 0, 1], macro 0.26…
  const metrics = metricsOf([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1], ['a', 'b', 'c']);
  expect(metrics.macroF1).toBeCloseTo(0.8 / 3, 14);
  expect(metrics.accuracy).toBeCloseTo(2 / 6, 14);
  expect(metrics.confusion).toEqual([
    [2, 0, 0],
    [1, 0, 1],
    [0, 2, 0],
  ]);
  expect(metrics.perClass).toEqual([
    { label: 'a', precision: 2 / 3, recall: 1, f1: 0.8, support: 2 },
    { label: 'b', precision: 0, recall: 0, f1: 0, support: 2 },
    { label: 'c', precision: 0, recall: 0, f1: 0, support: 2 },
  ]);
});

it('leaves a class that never occurs out of macro F1 and keeps one that is only predicted', () => {
  const absent = metricsOf([0, 0, 1], [0, 0, 1], ['a', 'b', 'never']);
  expect(absent.macroF1).toBe(1);
  expect(absent.perClass[2]).toEqual({ label: 'never', precision: 0, recall: 0, f1: 0, support: 0 });
  const predicted = metricsOf([0, 0, 1], [0, 2, 1], ['a', 'b', 'predicted']);
  expect(predicted.macroF1).toBeCloseTo((2 / 3 + 1 + 0) / 3, 14);
});

it('gives the mean loss', () => {
  expect(metricsOf([0, 1, 1], [0, 0, 0], ['a', 'b'], [0.25, 1, 4]).loss).toBe(1.75);
});

it('gives the same for examples that come in parts', () => {
  const tally = new ClassificationTally(['a', 'b']);
  tally.add(scoresOf([0], [1], [0.1]));
  tally.add(scoresOf([], [], []));
  tally.add(scoresOf([1, 1], [1, 0], [0.2, 0.7]));
  expect(tally.n).toBe(3);
  expect(tally.metrics()).toEqual(metricsOf([0, 1, 1], [1, 1, 0], ['a', 'b'], [0.1, 0.2, 0.7]));
  expect(() => {
    tally.add(scoresOf([0], [0], [NaN]));
  }).toThrow('the loss of example 3 is NaN');
});

it('has parts that agree with each other', async () => {
  const classes = fc.integer({ min: 0, max: 3 });
  await forAll([fc.array(fc.tuple(classes, classes), { minLength: 1, maxLength: 60 })]).check((pairs) => {
    const [labels, predictions] = [pairs.map((pair) => pair[0]), pairs.map((pair) => pair[1])];
    const metrics = metricsOf(labels, predictions, ['a', 'b', 'c', 'd']);
    expect(metrics.n).toBe(pairs.length);
    const right = pairs.filter(([label, prediction]) => label === prediction).length;
    expect(metrics.accuracy).toBe(right / pairs.length);
    for (const { precision, recall, f1 } of metrics.perClass) {
      const sum = precision + recall;
      expect(f1).toBeCloseTo(sum === 0 ? 0 : (2 * precision * recall) / sum, 12);
    }
    expect(metrics.perClass.reduce((sum, { support }) => sum + support, 0)).toBe(pairs.length);
  });
});

it.each([
  ['no example', [], [], [], 'at least 1 example'],
  ['fewer predictions', [0, 1], [0], [1, 1], 'got 2, 1 and 2'],
  ['fewer losses', [0, 1], [0, 1], [1], 'got 2, 2 and 1'],
  ['a label beyond the classes', [0, 2], [0, 1], [1, 1], 'label 2 and prediction 1 at 1'],
  ['a negative prediction', [0], [-1], [1], 'label 0 and prediction -1 at 0'],
])('refuses %s', (_, labels, predictions, losses, message) => {
  expect(() => metricsOf(labels, predictions, ['a', 'b'], losses)).toThrow(advError('USAGE', message, /^/));
});

it.each([[NaN], [Infinity]])('refuses a loss of %s', (loss) => {
  expect(() => metricsOf([0, 1], [0, 1], ['a', 'b'], [1, loss])).toThrow(
    expect.objectContaining({ code: 'NOT_FINITE', message: `the loss of example 1 is ${loss}` }),
  );
});
