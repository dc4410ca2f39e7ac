import { expect, it } from 'vitest';
import { singleClassValidation } from '../../../../src/datasets/doubts/single-class-validation.js';
import { matching } from '../../support.js';

const labels = ['neg', 'neutral', 'pos'];

it('warns of validation data of one class, however few its examples', () => {
  for (const counts of [
    [0, 0, 20],
    [0, 0, 1],
  ]) {
    const message = matching(/examples of one class only, 'pos': /);
    expect(singleClassValidation(labels, counts)).toEqual([{ code: 'SINGLE_CLASS_VALIDATION', message }]);
  }
});

it('says nothing where two classes or more are there, or none', () => {
  expect(singleClassValidation(labels, [1, 0, 1])).toEqual([]);
  expect(singleClassValidation(labels, [0, 0, 0])).toEqual([]);
});

it('shows the start of a label that is a whole text', () => {
  expect(singleClassValidation(['x'.repeat(5000)], [1])[0]?.message.length).toBeLessThan(300);
});
