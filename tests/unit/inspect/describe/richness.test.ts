import { expect, test } from 'vitest';
import { richness } from '../../../../src/inspect/describe/richness.js';

test('richness is what its formulas say', () => {
  // Counts 3 and 1: N = 4, Σ f² = 10, K = 10⁴ · 6 / 16.
  expect(richness(Float64Array.of(3, 1))).toEqual({ typeTokenRatio: 0.5, yuleK: 3750, onceShare: 0.5 });
  expect(richness(Float64Array.of(1, 1, 1)).yuleK).toBe(0);
});
