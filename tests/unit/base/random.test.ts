import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at } from '../../../src/base/at.js';
import { Random } from '../../../src/base/random.js';
import { forAll } from '../support.js';

const draws = (random: Random) => Array.from({ length: 20 }, () => random.below(1_000_000));

test('gives the same numbers for the same seed and purpose', () => {
  expect(draws(new Random(7, 'a', 1))).toEqual(draws(new Random(7, 'a', 1)));
});

test('gives other numbers for another seed, purpose or number', () => {
  const streams = [
    new Random(7, 'a', 1),
    new Random(8, 'a', 1),
    new Random(7, 'b', 1),
    new Random(7, 'a', 2),
  ];
  expect(new Set(streams.map((random) => draws(random).join())).size).toBe(4);
});

test('tells large seeds apart', () => {
  expect(draws(new Random(2 ** 52, 'a'))).not.toEqual(draws(new Random(2 ** 52 + 1, 'a')));
});

test('draws each of the items about equally often', () => {
  const random = new Random(3, 'fair');
  const counts = [0, 0, 0, 0, 0, 0];
  for (let draw = 0; draw < 60_000; draw++) {
    const drawn = random.below(6);
    counts[drawn] = at(counts, drawn) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test('shuffles into a permutation', async () => {
  await forAll([fc.nat(1000), fc.nat(200)]).check((seed, length) => {
    const values = Int32Array.from({ length }, (_, place) => place);
    const shuffled = new Random(seed, 'shuffle').shuffle(values.slice());
    expect(shuffled.slice().sort()).toEqual(values);
  });
});

test('refuses to pick from nothing', () => {
  expect(() => new Random(1, 'none').pick([])).toThrow(RangeError);
});
