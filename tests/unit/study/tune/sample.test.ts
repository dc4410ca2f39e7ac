import { expect, it } from 'vitest';
import { parseRange } from '../../../../src/study/tune/range.js';
import { samplePoints, sizeOf } from '../../../../src/study/tune/sample.js';
import type { TrainOptions } from '../../../../src/recipe/table.js';

const lines = [
  parseRange('--range', 'alpha', '0..1'),
  parseRange('--range', 'ema', '0..0.99'),
  parseRange('--range', 'warmUp', '0..0.99'),
];

function points(count: number, seed = 1, ranges = lines): TrainOptions[] {
  const taken: TrainOptions[] = [];
  for (const point of samplePoints(ranges, seed)) {
    taken.push(point);
    if (taken.length === count) break;
  }
  return taken;
}

it('gives the same points for the same seed, in whatever order ranges are told, and others for another', () => {
  expect(points(30)).toEqual(points(30));
  expect(points(30, 1, lines.toReversed())).toEqual(points(30));
  expect(points(30, 2)).not.toEqual(points(30));
  expect(points(30).slice(0, 10)).toEqual(points(10));
});

it('fills a space more evenly than chance: each eighth of a cube has its share', () => {
  const cells = new Map<string, number>();
  for (const { alpha = 0, ema = 0, warmUp = 0 } of points(80)) {
    const cell = [alpha, ema, warmUp].map((value) => Math.min(1, Math.floor(value * 2))).join('');
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
  }
  expect(cells.size).toBe(8);
  // By chance, counts of 10 have a standard deviation of 3, and the largest distance of eight is about 5.
  for (const count of cells.values()) expect(Math.abs(count - 10)).toBeLessThanOrEqual(3);
});

it('gives each point of a finite space once, and no more', () => {
  const ranges = [parseRange('--range', 'cell', 'gru,lstm'), parseRange('--range', 'layers', '1..3')];
  expect(sizeOf(ranges)).toBe(6);
  const all = [...samplePoints(ranges, 5)];
  expect(new Set(all.map(({ cell, layers }) => `${cell ?? ''}${layers ?? ''}`)).size).toBe(6);
  expect(all).toHaveLength(6);
});
