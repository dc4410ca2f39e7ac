import { expect, test } from 'vitest';
import { SplitMeasures } from '../../../../src/inspect/describe/split-measures.js';

test('a text as long as the longest of a model is not cut', () => {
  const measures = new SplitMeasures('train', ['x']);
  for (const text of ['a b', 'a b c', 'a b c d', 'a b c d e']) {
    measures.add({ id: '', text, label: 'x' }, text.split(' '));
  }
  expect(measures.describe(3, undefined).cut).toBe(2 / 4);
});
