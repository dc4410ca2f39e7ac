import { expect, it } from 'vitest';
import { probabilitiesOf, squaredError } from '../../../src/statistics/loss.js';
import { softmax } from '../../../src/statistics/softmax.js';

it('gives the squared error of a probability for each class, mean over classes', () => {
  expect(squaredError([0.2, 0.7, 0.4], 1)).toBeCloseTo((0.04 + 0.09 + 0.16) / 3, 14);
  expect(squaredError([0, 1], 1)).toBe(0);
  expect(squaredError([1, 0], 1)).toBe(1);
  expect(squaredError([NaN, 0], 1)).toBeNaN();
});

it('makes probabilities of logits by their softmax, or by their sigmoids divided by the sum of these', () => {
  const logits = [0.5, -2, 3];
  expect(probabilitiesOf('cross-entropy', logits)).toEqual(softmax(logits));
  const sigmoids = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  const total = sigmoids.reduce((sum, one) => sum + one, 0);
  probabilitiesOf('squared', logits).forEach((probability, place) => {
    expect(probability).toBeCloseTo((sigmoids[place] ?? NaN) / total, 14);
  });
});

it('gives a distribution where every sigmoid is 0 or 1 in double, and hides no NaN', () => {
  expect([...probabilitiesOf('squared', [-1000, -1000])]).toEqual([0.5, 0.5]);
  expect([...probabilitiesOf('squared', [-1000, -1001])]).toEqual([...softmax([1, 0])]);
  expect([...probabilitiesOf('squared', [1000, 1000, -1000])]).toEqual([0.5, 0.5, 0]);
  expect([...probabilitiesOf('squared', [1, NaN])]).toEqual([NaN, NaN]);
});
