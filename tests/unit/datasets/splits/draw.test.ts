import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at } from '../../../../src/base/at.js';
import { balancedQuotas, drawBalanced } from '../../../../src/datasets/splits/draw.js';
import { countByClass } from '../../../../src/statistics/class-counts.js';
import { Random } from '../../../../src/base/random.js';
import { forAll } from '../../support.js';

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
const labelsOf = (counts: readonly number[]) =>
  Int16Array.from(counts.flatMap((count, label) => Array.from({ length: count }, () => label)));

describe('balancedQuotas', () => {
  test('gives the same to each and the remainder in the order asked for', () => {
    expect([...balancedQuotas([9, 9, 9], 11, Int32Array.of(2, 0, 1))]).toEqual([4, 3, 4]);
  });

  test('lets small classes give all and fills up from the others', () => {
    expect([...balancedQuotas([2, 100, 5, 100], 40, Int32Array.of(0, 1, 2, 3))]).toEqual([2, 17, 5, 16]);
    expect([...balancedQuotas([0, 3, 100], 10, Int32Array.of(0, 1, 2))]).toEqual([0, 3, 7]);
  });

  test('gives the whole limit, as evenly as the classes allow, and more of all for a larger limit', async () => {
    const counts = fc.array(fc.nat(30), { minLength: 1, maxLength: 8 });
    await forAll([counts, fc.nat(), fc.nat(100)]).check((available, large, seed) => {
      const total = sum(available);
      const limit = total === 0 ? 0 : large % (total + 1);
      const order = new Random(seed, 'order').shuffle(Int32Array.from(available, (_, id) => id));
      const quotas = balancedQuotas(available, limit, order);
      expect(sum(quotas)).toBe(limit);
      const highest = Math.max(...quotas);
      quotas.forEach((quota, id) => {
        const all = available[id] ?? 0;
        expect(quota).toBeLessThanOrEqual(all);
        if (quota < all) expect(quota).toBeGreaterThanOrEqual(highest - 1);
      });
      if (limit < total) {
        const more = balancedQuotas(available, limit + 1, order);
        quotas.forEach((quota, id) => {
          expect(more[id]).toBeGreaterThanOrEqual(quota);
        });
      }
    });
  });
});

describe('drawBalanced', () => {
  const labels = labelsOf([50, 10, 200]);
  const draw = (limit: number, seed: number) => drawBalanced(labels, 3, limit, new Random(seed, 'draw'));
  const drawn = (marks: Uint8Array) =>
    countByClass(
      labels.filter((_, example) => marks[example] === 1),
      3,
    );

  test('draws as many of each class as its quota', () => {
    expect(drawn(draw(90, 1)).toSorted()).toEqual(Int32Array.of(10, 40, 40));
  });

  test('is a function of the seed', () => {
    expect(draw(60, 1)).toEqual(draw(60, 1));
    expect(draw(60, 1)).not.toEqual(draw(60, 2));
  });

  test('of a larger limit holds that of a smaller one', () => {
    const small = draw(40, 1);
    const large = draw(100, 1);
    expect(small.every((mark, example) => mark <= at(large, example))).toBe(true);
  });

  test('leaves out the examples that take no part', () => {
    const half = labels.map((label, example) => (example % 2 ? -1 : label));
    const marks = drawBalanced(half, 3, 20, new Random(1, 'draw'));
    expect(sum(marks)).toBe(20);
    expect(marks.every((mark, example) => mark === 0 || example % 2 === 0)).toBe(true);
  });
});
