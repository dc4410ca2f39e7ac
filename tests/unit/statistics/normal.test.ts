import { expect, it } from 'vitest';
import { normalQuantile } from '../../../src/statistics/normal.js';
import { expectNear } from './golden.js';

// scipy.stats.norm.ppf.
it.each([
  [0.75, 0.6744897501960817],
  [0.95, 1.6448536269514722],
  [0.975, 1.959963984540054],
  [0.999, 3.090232306167813],
  [0.999999, 4.753424308817087],
])('of %d is %d', (probability, expected) => {
  expectNear(normalQuantile(probability), expected);
});

it('is 0 in the middle', () => {
  expect(normalQuantile(0.5)).toBeLessThan(1e-15);
});
