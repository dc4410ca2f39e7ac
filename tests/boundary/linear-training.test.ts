import { describe, expect, it } from 'vitest';
import type { NativeLinearProblem } from '../../src/engine/addon.js';
import { loadAddon } from '../../src/engine/loader.js';

const ints = (...values: number[]): Int32Array => Int32Array.from(values);

/** Three texts of two features, the last without any. */
const problem: NativeLinearProblem = {
  ...{
    featureCount: 2,
    classCount: 3,
    cost: 1,
    smoothing: 1,
    passes: 10,
    tolerance: 0.1,
    seed: 1,
    threads: 1,
  },
  offsets: ints(0, 1, 3, 3),
  columns: ints(0, 0, 1),
  values: Float32Array.of(1, 0.5, 0.5),
  labels: ints(0, 1, 2),
};

describe('a training of a linear classifier', () => {
  it('gives a row of weights for each feature and one for the bias', async () => {
    const { LinearTraining } = loadAddon();
    const { oneVsRest, naiveBayes } = await new LinearTraining(problem).train();
    expect(oneVsRest).toHaveLength(9);
    expect(oneVsRest.some((weight) => weight !== 0)).toBe(true);
    // Both features together are had once by the first class, twice by the second and never by the third.
    const logs = [Math.log(2 / 3), Math.log(2 / 4), Math.log(1 / 2)];
    const mean = logs.reduce((sum, log) => sum + log, 0) / 3;
    expect(naiveBayes).toHaveLength(9);
    logs.forEach((log, score) => {
      expect(naiveBayes[score]).toBeCloseTo(log - mean, 6);
    });
    expect([...naiveBayes.subarray(6)]).toEqual([0, 0, 0]);
    const two = new LinearTraining({ ...problem, classCount: 2, labels: ints(0, 1, 1) });
    const ofTwo = await two.train();
    expect([ofTwo.oneVsRest.length, ofTwo.naiveBayes.length]).toEqual([3, 3]);
    expect(ofTwo.naiveBayes[0]).toBeCloseTo(Math.log(2 / 4) - Math.log(2 / 3), 6);
  });

  it('copies what it is given', async () => {
    const { LinearTraining } = loadAddon();
    const values = problem.values.slice();
    const training = new LinearTraining({ ...problem, values });
    values.fill(Number.NaN);
    expect(await training.train()).toEqual(await new LinearTraining(problem).train());
  });

  it('is cancelled soon, also where it would go on for long', async () => {
    const size = 2000;
    const rows = Int32Array.from({ length: size }, (_, row) => row);
    const long = new (loadAddon().LinearTraining)({
      ...{
        featureCount: 50,
        smoothing: 1,
        classCount: 8,
        cost: 1e6,
        passes: 100_000,
        tolerance: 1e-37,
        seed: 1,
        threads: 1,
      },
      offsets: Int32Array.from({ length: size + 1 }, (_, row) => 3 * row),
      columns: Int32Array.from({ length: 3 * size }, (_, entry) => (entry * 17 + (entry % 3)) % 50),
      values: Float32Array.from({ length: 3 * size }, (_, entry) => Math.sin(entry)),
      labels: rows.map((row) => (row * 7 + (row >> 3)) % 8),
    });
    const training = long.train();
    await new Promise(setImmediate);
    long.cancel();
    await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('runs once at a time', async () => {
    const training = new (loadAddon().LinearTraining)(problem);
    const first = training.train();
    await expect(training.train()).rejects.toThrow(/train: this training runs already/);
    expect(await training.train().catch(() => first)).toEqual(await first);
  });

  it.each<[string, object, RegExp]>([
    ['no features', { featureCount: 0 }, /problem\.featureCount: expected an integer from 1 .*, got 0/],
    ['one class', { classCount: 1 }, /problem\.classCount: expected an integer from 2 .*, got 1/],
    ['cost 0', { cost: 0 }, /problem\.cost: expected a number above 0 .*, got 0/],
    ['a cost that is NaN', { cost: Number.NaN }, /problem\.cost: expected a number above 0 .*, got NaN/],
    ['smoothing 0', { smoothing: 0 }, /problem\.smoothing: expected a number above 0 .*, got 0/],
    ['no pass', { passes: 0 }, /problem\.passes: expected an integer from 1 .*, got 0/],
    ['tolerance 0', { tolerance: 0 }, /problem\.tolerance: expected a number above 0 .*, got 0/],
    ['a negative seed', { seed: -1 }, /problem\.seed: expected an integer from 0 .*, got -1/],
    ['no thread', { threads: 0 }, /problem\.threads: expected an integer from 1 to 256, got 0/],
    [
      'offsets that are no array',
      { offsets: [0, 3] },
      /problem\.offsets: expected an Int32Array, got an array/,
    ],
    ['offsets that fall', { offsets: ints(0, 3, 1, 3) }, /problem\.offsets: expected .* that never fall/],
    ['offsets that end early', { offsets: ints(0, 1, 2, 2) }, /problem\.offsets: expected .* from 0 to 3/],
    ['a column beyond the features', { columns: ints(0, 0, 2) }, /problem\.columns\[2\]: expected .* got 2/],
    ['a negative column', { columns: ints(-1, 0, 1) }, /problem\.columns\[0\]: expected .* got -1/],
    ['too few values', { values: Float32Array.of(1) }, /problem\.values: expected .*3.*, got/],
    ['a value that is infinite', { values: Float32Array.of(1, Infinity, 1) }, /problem\.values/],
    ['too few labels', { labels: ints(0, 1) }, /problem\.labels: expected 3 labels, one a row, got 2/],
    ['a label beyond the classes', { labels: ints(0, 1, 3) }, /problem\.labels\[2\]: expected .* got 3/],
  ])('refuses %s', (_, change, message) => {
    const { LinearTraining } = loadAddon();
    expect(() => new LinearTraining({ ...problem, ...change })).toThrow(message);
  });

  it('refuses what is no object', () => {
    const { LinearTraining } = loadAddon();
    expect(() => new LinearTraining(7 as never)).toThrow(/problem: expected an object, got 7/);
  });
});
