import { expect, test } from 'vitest';
import { packTexts, pickTexts, sliceTexts } from '../../../src/text/packed.js';

const texts = packTexts([[5], [6, 7], [8, 9, 10]]);

test('packs texts one after the other', () => {
  expect(texts).toEqual({ ids: Int32Array.of(5, 6, 7, 8, 9, 10), offsets: Int32Array.of(0, 1, 3, 6) });
});

test('picks rows in the order asked for, with their labels', () => {
  expect(pickTexts({ ...texts, labels: Int32Array.of(0, 1, 2) }, Int32Array.of(2, 0))).toEqual({
    ids: Int32Array.of(8, 9, 10, 5),
    offsets: Int32Array.of(0, 3, 4),
    labels: Int32Array.of(2, 0),
  });
});

test('cuts a part out', () => {
  expect(sliceTexts(texts, 1, 3)).toEqual({
    ids: Int32Array.of(6, 7, 8, 9, 10),
    offsets: Int32Array.of(0, 2, 5),
  });
});
