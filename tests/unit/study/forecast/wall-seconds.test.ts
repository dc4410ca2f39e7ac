import { expect, it } from 'vitest';
import { wallSeconds } from '../../../../src/study/forecast/wall-seconds.js';

it.each([
  ['runs one after the other on one core', [3, 1, 2], 1, 6],
  // Core 1: 4, then 5 at 4; core 2: 3, then 1 at 3, then 2 at 4.
  ['gives the next run to the core that is free first', [4, 3, 1, 5, 2], 2, 9],
  // In the plan's order the long run begins last, at 2.
  ['keeps the order of the plan', [2, 2, 2, 9], 3, 11],
  ['takes no less than the longest run, however many cores there are', [4, 7, 1], 128, 7],
  ['takes no time where nothing is left', [], 16, 0],
])('%s', (_, runs, cores, seconds) => {
  expect(wallSeconds(runs, cores)).toBe(seconds);
});
