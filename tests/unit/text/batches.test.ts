import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at } from '../../../src/base/at.js';
import { evaluationBatches, stretches, stretchLength, trainingBatches } from '../../../src/text/batches.js';
import { packTexts } from '../../../src/text/packed.js';
import type { NativeBatch } from '../../../src/engine/addon.js';
import { collect, forAll, splitOf } from '../support.js';

/** Texts of the given lengths; the ids and the label of a text are its row. */
const textsOf = (lengths: readonly number[]) =>
  lengths.map((length, row) => Array.from({ length }, () => row));
const splitWith = (lengths: readonly number[]) => splitOf(textsOf(lengths), [...lengths.keys()]);

/** Rows of a batch, after a check that each text is whole and with its own label. */
function rowsOf({ ids, offsets, labels }: NativeBatch, lengths: readonly number[]): number[] {
  expect(offsets).toHaveLength(labels.length + 1);
  expect(offsets[0]).toBe(0);
  expect(offsets.at(-1)).toBe(ids.length);
  labels.forEach((row, place) => {
    const text = ids.subarray(offsets[place], offsets[place + 1]);
    expect([...text]).toEqual(Array.from({ length: lengths[row] ?? -1 }, () => row));
  });
  return [...labels];
}

const lengthsOfTexts = fc.array(fc.integer({ min: 2, max: 9 }), { minLength: 1, maxLength: 300 });
const sorted = (rows: readonly number[]) => rows.toSorted((a, b) => a - b);
const allBatches = (plan: ReturnType<typeof trainingBatches>) =>
  Promise.all(Array.from({ length: plan.count }, (_, index) => plan.batch(index)));

describe('trainingBatches', async () => {
  test('gives every example exactly once, whole, in batches of the size asked for', async () => {
    await forAll([lengthsOfTexts, fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(99)]).check(
      async (lengths, batchSize, seed, epoch) => {
        const split = await splitWith(lengths);
        const batches = await allBatches(trainingBatches(split, { batchSize, seed, epoch }));
        const rows = batches.flatMap((batch) => rowsOf(batch, lengths));
        expect(sorted(rows)).toEqual(lengths.map((_, row) => row));
        const sizes = sorted(batches.map(({ labels }) => labels.length));
        expect(sizes.slice(1).every((size) => size === batchSize)).toBe(true);
      },
    );
  });

  const lengths = Array.from({ length: 1000 }, (_, row) => 2 + ((row * 37) % 50));
  const split = await splitWith(lengths);

  test('gives the same batch at any time and in any order of asking', async () => {
    const plan = { batchSize: 8, seed: 5, epoch: 3 };
    const inOrder = await allBatches(trainingBatches(split, plan));
    const again = trainingBatches(split, plan);
    for (const index of [124, 0, 77, 77]) expect(await again.batch(index)).toEqual(inOrder[index]);
  });

  test('orders another epoch and another seed differently', async () => {
    const rows = async (seed: number, epoch: number) =>
      (await allBatches(trainingBatches(split, { batchSize: 8, seed, epoch })))
        .flatMap(({ labels }) => [...labels])
        .join();
    expect(new Set([await rows(1, 1), await rows(1, 2), await rows(2, 1)]).size).toBe(3);
  });

  test('puts texts of like length together, and mixes the batches', async () => {
    const batches = await allBatches(trainingBatches(split, { batchSize: 8, seed: 1, epoch: 1 }));
    const spread = batches.map(({ offsets }) => {
      const own = [...offsets.subarray(1)].map((end, place) => end - at(offsets, place));
      return Math.max(...own) - Math.min(...own);
    });
    expect(spread.reduce((sum, one) => sum + one) / spread.length).toBeLessThan(3);
    const first = batches.slice(0, 10).map(({ ids }) => ids.length);
    expect(first).not.toEqual(sorted(first));
  });

  test('orders as it always did: resumed runs and published figures rest on it', async () => {
    const plan = trainingBatches(split, { batchSize: 8, seed: 5, epoch: 3 });
    expect([...(await plan.batch(0)).labels]).toEqual([232, 132, 282, 332, 182, 682, 855, 805]);
    expect([...(await plan.batch(124)).labels]).toEqual([135, 835, 108, 558, 758, 258, 808, 308]);
  });

  test('refuses a batch that is not there', async () => {
    const plan = trainingBatches(split, { batchSize: 8, seed: 1, epoch: 1 });
    expect(plan.count).toBe(125);
    await expect(plan.batch(125)).rejects.toThrow(/from 0 to 124, got 125/);
    await expect(plan.batch(-1)).rejects.toThrow(RangeError);
  });
});

test('evaluationBatches gives every row once, by rising length and, where equal, by row', async () => {
  await forAll([lengthsOfTexts, fc.integer({ min: 1, max: 40 })]).check((lengths, batchSize) => {
    const texts = { ...packTexts(textsOf(lengths)), labels: Int32Array.from(lengths.keys()) };
    const batches = [...evaluationBatches(texts, batchSize)];
    const rows = batches.flatMap(({ batch, rows: own }) => {
      expect(rowsOf(batch, lengths)).toEqual([...own]);
      return [...own];
    });
    expect(rows).toEqual(
      lengths.map((_, row) => row).toSorted((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b),
    );
  });
});

describe('stretches', () => {
  test('give the whole split in its order', async () => {
    const lengths = Array.from({ length: 50 }, (_, row) => 1 + ((row * 7) % 9));
    const parts = await collect(stretches(await splitWith(lengths), 16));
    expect(parts.map(({ labels }) => labels.length)).toEqual([16, 16, 16, 2]);
    expect(parts.flatMap((part) => rowsOf(part, lengths))).toEqual([...lengths.keys()]);
  });

  test.each([
    [1, 2048],
    [32, 2048],
    [100, 2100],
    [60_000, 60_000],
  ])('of batches of %i have %i texts', (batchSize, length) => {
    expect(stretchLength(batchSize)).toBe(length);
  });
});
