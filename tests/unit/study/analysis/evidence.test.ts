import { expect, it } from 'vitest';
import { contrast, ofPairs, over } from '../../../../src/study/analysis/evidence.js';
import { differenceInterval } from '../../../../src/statistics/difference-interval.js';
import { meanInterval } from '../../../../src/statistics/mean-interval.js';

const named = (row: string) => ({ row, size: 'big' });
const row = (name: string, ...bySeed: number[]) => ({ ...named(name), bySeed });

it('means rows, each by its seeds, and of one row the seeds', () => {
  const two = over([row('a', 1, 3), row('b', 8)]);
  const rows = [[named('a')], [named('b')]];
  expect(two).toEqual({ mean: 5, ci95: meanInterval([2, 8]).ci95, over: 'rows', n: 2, rows });
  const one = over([row('a', 1, 3)]);
  expect(one).toEqual({
    mean: 2,
    ci95: meanInterval([1, 3]).ci95,
    over: 'seeds',
    n: 2,
    rows: rows.slice(0, 1),
  });
  expect(over([row('a', 1)])).toMatchObject({ mean: 1, ci95: null, n: 1 });
  expect(over([])).toBeNull();
});

it('takes the others away from the first, by rows where both have two, else by seeds', () => {
  const first = [row('a', 1, 3), row('b', 4)];
  const ofRows = contrast(first, [row('c', 10), row('d', 20, 22)]);
  expect(ofRows).toMatchObject({
    over: 'rows',
    n: 4,
    rows: ['a', 'b', 'c', 'd'].map((name) => [named(name)]),
  });
  expect(ofRows?.mean).toBe(3 - 15.5);
  expect(ofRows?.ci95).toEqual(differenceInterval([10, 21], [2, 4]).ci95);
  const ofSeeds = contrast(first, [row('c', 10, 12)]);
  expect(ofSeeds).toMatchObject({ over: 'seeds', n: 5 });
  expect(ofSeeds?.ci95).toEqual(differenceInterval([10, 12], [1, 3, 4]).ci95);
  expect(contrast(first, [])).toBeNull();
  expect(contrast([], first)).toBeNull();
});

it('compares each row with its fellow', () => {
  const pairs = ofPairs([
    [row('a', 1, 3), row('c', 10)],
    [row('b', 5), row('d', 9)],
  ]);
  const rows = [
    [named('a'), named('c')],
    [named('b'), named('d')],
  ];
  expect(pairs).toMatchObject({ mean: -6, over: 'rows', n: 2, rows });
  expect(ofPairs([[row('a', 1, 3), row('c', 10, 14)]])).toMatchObject({ mean: -10, over: 'seeds', n: 4 });
  expect(ofPairs([])).toBeNull();
});
