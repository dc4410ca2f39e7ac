import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceOf, priorLoss } from '../../../src/statistics/chance.js';
import { forAll } from '../support.js';

describe('the loss of the label prior', () => {
  it('is the cross-entropy of the shares, each class counted one more often', () => {
    // Shares 4/10, 6/10 of counts 3 and 5, by hand.
    expect(priorLoss([3, 5], [1, 3])).toBeCloseTo(-(Math.log(0.4) + 3 * Math.log(0.6)) / 4, 12);
    expect(priorLoss([180, 180], [20, 20])).toBeCloseTo(Math.log(2), 12);
  });

  it('is finite for a class that training lacks, and counts what is scored alone', () => {
    expect(priorLoss([7, 0], [0, 2])).toBeCloseTo(Math.log(9), 12);
    expect(priorLoss([7, 0], [2, 0])).toBeCloseTo(Math.log(9 / 8), 12);
  });

  it('is never below the entropy of what is scored, which no constant answer goes below', async () => {
    const counts = fc.integer({ min: 2, max: 6 }).chain((classes) => {
      const list = fc.array(fc.nat(50), { minLength: classes, maxLength: classes });
      return fc.tuple(
        list,
        list.filter((scored) => scored.some((count) => count > 0)),
      );
    });
    await forAll([counts]).check(([train, scored]) => {
      const n = scored.reduce((sum, count) => sum + count, 0);
      const shares = scored.filter((count) => count > 0).map((count) => count / n);
      const entropy = shares.reduce((sum, share) => sum - share * Math.log(share), 0);
      expect(priorLoss(train, scored)).toBeGreaterThanOrEqual(entropy - 1e-12);
    });
  });
});

describe('the majority class', () => {
  it('is that of the validation data, whatever training has most of', () => {
    expect(chanceOf([90, 10, 0], [2, 6, 2])).toMatchObject({ majorityAccuracy: 0.6, majorityClass: 1 });
  });

  it('is the first of several, and everything where there is one class', () => {
    expect(chanceOf([1, 1], [4, 4])).toMatchObject({ majorityAccuracy: 0.5, majorityClass: 0 });
    expect(chanceOf([1, 1], [0, 3])).toMatchObject({ majorityAccuracy: 1, majorityClass: 1 });
    expect(chanceOf([5], [3])).toEqual({ priorLoss: 0, majorityAccuracy: 1, majorityClass: 0 });
  });

  it('is found among very many classes', () => {
    const counts = Array.from({ length: 300_000 }, (_, place) => (place === 1234 ? 2 : 1));
    expect(chanceOf(counts, counts).majorityClass).toBe(1234);
  });
});

it('tells the squared error of the shares where that is the loss', () => {
  // Shares of 0.4 and 0.6.
  expect(priorLoss([3, 5], [1, 3], 'squared')).toBeCloseTo((0.36 + 3 * 0.16) / 4, 12);
  expect(chanceOf([180, 180], [20, 20], 'squared').priorLoss).toBeCloseTo(0.25, 12);
  expect(chanceOf([9, 9, 9, 9], [1, 1, 1, 1], 'squared').priorLoss).toBeCloseTo(
    (0.75 ** 2 + 3 * 0.25 ** 2) / 4,
    12,
  );
});
