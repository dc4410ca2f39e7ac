import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutIntoParts, part } from '../../../../src/datasets/splits/parts.js';
import { Random } from '../../../../src/base/random.js';
import { forAll } from '../../support.js';

const counts = (parts: Uint8Array): number[] => {
  const sums = [0, 0, 0, 0];
  for (const mark of parts) sums[mark] = (sums[mark] ?? 0) + 1;
  return sums;
};

test('gives a tenth of each class to validation and to the test', () => {
  const labels = Int16Array.from([...Array<number>(100).fill(0), ...Array<number>(31).fill(1)]);
  const parts = cutIntoParts(labels, 2, new Random(1, 'test'));
  expect(counts(parts.subarray(0, 100))).toEqual([80, 10, 10, 0]);
  expect(counts(parts.subarray(100))).toEqual([25, 3, 3, 0]);
});

test('leaves -1 out, and small classes whole', () => {
  const labels = Int16Array.from([-1, 0, 0, 1, 1, 1, -1]);
  const parts = cutIntoParts(labels, 2, new Random(1, 'test'));
  expect([parts[0], parts[6]]).toEqual([part.none, part.none]);
  expect(counts(parts.subarray(1, 3))).toEqual([2, 0, 0, 0]);
  expect(counts(parts.subarray(3, 6))).toEqual([1, 1, 1, 0]);
});

test('is a function of labels and seed, and takes every example once', async () => {
  await forAll([fc.array(fc.integer({ min: -1, max: 3 })), fc.nat()]).check((list, seed) => {
    const labels = Int16Array.from(list);
    const parts = cutIntoParts(labels, 4, new Random(seed, 'test'));
    expect(parts).toEqual(cutIntoParts(labels, 4, new Random(seed, 'test')));
    labels.forEach((label, place) => {
      expect(parts[place] === part.none).toBe(label === -1);
    });
  });
});

test('differs between seeds', () => {
  const labels = new Int16Array(200);
  const cut = (seed: number) => cutIntoParts(labels, 1, new Random(seed, 'test'));
  expect(cut(1)).not.toEqual(cut(2));
});
