import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Random } from '../../../src/base/random.js';
import type { SeedLosses } from '../../../src/statistics/arms.js';
import {
  hierarchicalBootstrap,
  type BootstrapInterval,
} from '../../../src/statistics/hierarchical-bootstrap.js';
import { advError, expectInterrupted, expectRefused, forAll } from '../support.js';
import { expectAllNear, expectNear, golden } from './golden.js';

type Case = Pick<BootstrapInterval, 'bMinusA' | 'ci95' | 'standardError' | 'paired'> & {
  readonly a: SeedLosses[];
  readonly b: SeedLosses[];
  readonly seed: number;
};
const { resamples, cases } = golden('hierarchical_bootstrap') as { resamples: number; cases: Case[] };

it.each(cases)('draws and computes as numpy does, with seed $seed', async ({ a, b, seed, ...known }) => {
  const result = await hierarchicalBootstrap(a, b, { seed, resamples });
  expectNear(result.bMinusA, known.bMinusA);
  expectAllNear(result.ci95, known.ci95);
  expectNear(result.standardError, known.standardError);
  expect(result).toMatchObject({ paired: known.paired, examples: 60, resamples });
});

it('leaves out seeds that only one arm has, where at least two are shared', async () => {
  const arm = (...seeds: number[]): SeedLosses[] => seeds.map((seed) => ({ seed, losses: [seed, 2 * seed] }));
  const options = { resamples: 100 };
  expect(await hierarchicalBootstrap(arm(3, 1, 7), arm(1, 2, 3), options)).toMatchObject({
    paired: true,
    seeds: { a: 2, b: 2 },
    leftOut: { a: [7], b: [2] },
    bMinusA: 0,
    ci95: [0, 0],
    better: 'neither',
  });
  expect(await hierarchicalBootstrap(arm(1, 2), arm(2, 3, 4), options)).toMatchObject({
    paired: false,
    seeds: { a: 2, b: 3 },
    leftOut: { a: [], b: [] },
    bMinusA: 2.25,
  });
});

const loss = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000);
const armsOf = (seeds: number, examples: number) =>
  fc.array(fc.array(loss, { minLength: examples, maxLength: examples }), {
    minLength: seeds,
    maxLength: seeds,
  });
const asArm = (rows: number[][]): SeedLosses[] => rows.map((losses, place) => ({ seed: place + 1, losses }));

it('gives the same numbers for the same seed, and turns round when pairs are exchanged', async () => {
  await forAll([armsOf(3, 7), armsOf(3, 7)], { numRuns: 20 }).check(async (rowsA, rowsB) => {
    const [a, b, options] = [asArm(rowsA), asArm(rowsB), { resamples: 200 }];
    const one = await hierarchicalBootstrap(a, b, options);
    expect(await hierarchicalBootstrap(a.toReversed(), b, options)).toEqual(one);
    const other = await hierarchicalBootstrap(b, a, options);
    expect(other.bMinusA + one.bMinusA).toBe(0);
    expect(other.ci95[0] + one.ci95[1]).toBeCloseTo(0, 14);
    expect(one.ci95[0]).toBeLessThanOrEqual(one.ci95[1]);
    expect(other.better).toBe(one.better === 'a' ? 'b' : one.better === 'b' ? 'a' : 'neither');
  });
});

it('covers the true difference of arms with seeds and examples of their own as often as it says', async () => {
  const random = new Random(5, 'arms');
  const normal = (): number => {
    let sum = -6;
    for (let draw = 0; draw < 12; draw++) sum += random.below(2 ** 32) / 2 ** 32;
    return sum;
  };
  const normals = (count: number): number[] => Array.from({ length: count }, normal);
  const truth = 0.3;
  let covered = 0;
  const studies = 200;
  for (let study = 0; study < studies; study++) {
    const [seedEffects, exampleEffects] = [normals(12), normals(40)];
    const rows = seedEffects.map((ofSeed) =>
      exampleEffects.map((ofExample) => truth + ofSeed + ofExample + normal()),
    );
    const b = asArm(rows);
    const a = asArm(rows.map((row) => row.map(() => 0)));
    const { ci95 } = await hierarchicalBootstrap(a, b, { resamples: 200 });
    if (ci95[0] <= truth && truth <= ci95[1]) covered += 1;
  }
  // Twelve seeds make percentile intervals somewhat short; drawing examples alone would cover two thirds.
  expect(covered / studies).toBeGreaterThan(0.87);
});

it('takes a test set of 14,000 examples, and lets timers through meanwhile', async () => {
  const random = new Random(1, 'losses');
  const arm = (better: number): SeedLosses[] =>
    Array.from({ length: 4 }, (_, seed) => ({
      seed,
      losses: Float64Array.from({ length: 14_000 }, () => (random.below(1000) - better) / 1000),
    }));
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const result = await hierarchicalBootstrap(arm(0), arm(30), { resamples: 300 });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
  expect(result.better).toBe('b');
  expect(result.bMinusA).toBeCloseTo(-0.03, 2);
});

it('ends soon after its signal has fired', async () => {
  const controller = new AbortController();
  const arm = Array.from({ length: 4 }, (_, seed) => ({ seed, losses: new Float64Array(100_000) }));
  const running = hierarchicalBootstrap(arm, arm, { resamples: 1_000_000 }, controller);
  await setTimeout(20);
  controller.abort();
  await expectInterrupted(running);
  await expectInterrupted(hierarchicalBootstrap(arm, arm, {}, { signal: AbortSignal.abort() }));
});

const run = { seed: 1, losses: [1, 2] };
it.each([
  ['an empty arm', [], [run], 'at least 1 run of a, got none'],
  ['other numbers of examples', [run], [{ seed: 1, losses: [1, 2, 3] }], 'got 2 and 3'],
  [
    'one example',
    [{ seed: 1, losses: [1] }],
    [{ seed: 1, losses: [1] }],
    'at least 2 of losses of seed 1 of a, got 1',
  ],
  ['a seed twice', [run], [run, run], 'got 1 twice in b'],
  ['a seed that is no integer', [{ seed: 1.5, losses: [1, 2] }], [run], 'got 1.5 in a'],
  ['NaN', [run], [{ seed: 1, losses: [1, Number.NaN] }], 'got NaN at losses of seed 1 of b[1]'],
  [
    'losses that overflow',
    [{ seed: 1, losses: [1e308, 1] }],
    [{ seed: 1, losses: [-1e308, 1] }],
    'smaller losses',
  ],
])('refuses %s', async (_, a, b, message) => {
  await expectRefused(hierarchicalBootstrap(a, b, { resamples: 100 }), 'USAGE', message, /^/);
});

it('refuses too few resamples', async () => {
  const few = hierarchicalBootstrap([run], [run], { resamples: 20 });
  await expect(few).rejects.toEqual(advError('USAGE', 'resamples: expected an integer from 100', /^/));
});
