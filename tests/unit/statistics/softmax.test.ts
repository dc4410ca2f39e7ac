import { expect, it } from 'vitest';
import { softmax } from '../../../src/statistics/softmax.js';

it('gives shares of the exponentials', () => {
  const powers = [1, 2, 3].map(Math.exp);
  const total = powers.reduce((sum, power) => sum + power, 0);
  softmax([1, 2, 3]).forEach((share, place) => {
    expect(share).toBeCloseTo((powers[place] ?? 0) / total, 14);
  });
});

it('overflows nowhere and gives the same for shifted logits', () => {
  expect([...softmax([1000, 1000])]).toEqual([0.5, 0.5]);
  expect([...softmax([-1000, -1001])]).toEqual([...softmax([1, 0])]);
});

it('hides no NaN', () => {
  expect([...softmax([1, NaN])]).toEqual([NaN, NaN]);
});
