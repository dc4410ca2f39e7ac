import { expect, it } from 'vitest';
import { classificationOf } from '../../../src/inference/classification.js';
import { advError } from '../support.js';

it('names the first of the largest probabilities, and all of them by class', () => {
  expect(classificationOf(['a', 'b', 'c'], Float32Array.of(0.25, 0.375, 0.375), true)).toEqual({
    label: 'b',
    probability: 0.375,
    probabilities: { a: 0.25, b: 0.375, c: 0.375 },
    truncated: true,
  });
});

it('refuses probabilities that are not numbers', () => {
  expect(() => classificationOf(['a', 'b'], [0.5, NaN], false)).toThrow(
    advError('NOT_FINITE', /not numbers/),
  );
});
