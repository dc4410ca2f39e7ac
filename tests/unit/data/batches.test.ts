import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at } from '../../../src/data/at.js';
import { evaluationBatches, trainingBatches } from '../../../src/data/batches.js';
import type { EncodedSplit } from '../../../src/data/types.js';
import type { NativeBatch } from '../../../src/native/addon.js';

/** A split whose texts have the given lengths; the ids and the label of a text are its row. */
function splitOf(lengths: readonly number[]): EncodedSplit {
  const offsets = Int32Array.from([0, ...lengths]);
  for (let row = 1; row < offsets.length; row++) offsets[row] = at(offsets, row) + at(offsets, row - 1);
  return {
    ids: Int32Array.from(lengths.flatMap((length, row) => Array.from({ length }, () => row))),
    offsets,
    labels: Int32Array.from(lengths, (_, row) => row),
    exampleIds: lengths.map((_, row) => `${row}`),
    truncated: 0,
    unknownShare: 0,
  };
}

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
  Array.from({ length: plan.count }, (_, index) => plan.batch(index));

describe('trainingBatches', () => {
  test('gives every example exactly once, whole, in batches of the size asked for', () => {
    fc.assert(
      fc.property(
        lengthsOfTexts,
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        fc.nat(99),
        (lengths, batchSize, seed, epoch) => {
          const batches = allBatches(trainingBatches(splitOf(lengths), { batchSize, seed, epoch }));
          const rows = batches.flatMap((batch) => rowsOf(batch, lengths));
          expect(sorted(rows)).toEqual(lengths.map((_, row) => row));
          const sizes = sorted(batches.map(({ labels }) => labels.length));
          expect(sizes.slice(1).every((size) => size === batchSize)).toBe(true);
        },
      ),
    );
  });

  const lengths = Array.from({ length: 1000 }, (_, row) => 2 + ((row * 37) % 50));
  const split = splitOf(lengths);

  test('gives the same batch at any time and in any order of asking', () => {
    const plan = { batchSize: 8, seed: 5, epoch: 3 };
    const inOrder = allBatches(trainingBatches(split, plan));
    const again = trainingBatches(split, plan);
    for (const index of [124, 0, 77, 77]) expect(again.batch(index)).toEqual(inOrder[index]);
  });

  test('orders another epoch and another seed differently', () => {
    const rows = (seed: number, epoch: number) =>
      allBatches(trainingBatches(split, { batchSize: 8, seed, epoch }))
        .flatMap(({ labels }) => [...labels])
        .join();
    expect(new Set([rows(1, 1), rows(1, 2), rows(2, 1)]).size).toBe(3);
  });

  test('puts texts of like length together, and mixes the batches', () => {
    const batches = allBatches(trainingBatches(split, { batchSize: 8, seed: 1, epoch: 1 }));
    const spread = batches.map(({ offsets }) => {
      const own = [...offsets.subarray(1)].map((end, place) => end - at(offsets, place));
      return Math.max(...own) - Math.min(...own);
    });
    expect(spread.reduce((sum, one) => sum + one) / spread.length).toBeLessThan(3);
    const first = batches.slice(0, 10).map(({ ids }) => ids.length);
    expect(first).not.toEqual(sorted(first));
  });

  test('refuses a batch that is not there', () => {
    const plan = trainingBatches(split, { batchSize: 8, seed: 1, epoch: 1 });
    expect(plan.count).toBe(125);
    expect(() => plan.batch(125)).toThrow(/from 0 to 124, got 125/);
    expect(() => plan.batch(-1)).toThrow(RangeError);
  });
});

describe('evaluationBatches', () => {
  test('gives every row once, by rising length and, where equal, by row', () => {
    fc.assert(
      fc.property(lengthsOfTexts, fc.integer({ min: 1, max: 40 }), (lengths, batchSize) => {
        const split = splitOf(lengths);
        const batches = [...evaluationBatches(split, batchSize)];
        const rows = batches.flatMap(({ batch, rows: own }) => {
          expect(rowsOf(batch, lengths)).toEqual([...own]);
          return [...own];
        });
        expect(rows).toEqual(
          lengths.map((_, row) => row).toSorted((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b),
        );
      }),
    );
  });
});
