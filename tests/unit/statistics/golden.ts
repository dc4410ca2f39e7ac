import { readFileSync } from 'node:fs';
import { expect, vi } from 'vitest';

/** What the script of this name in tests/golden wrote, which says how to run it anew. */
export function golden(name: string): unknown {
  const file = new URL(`../../golden/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Expects a number within a relative error of 1e-10, or of another one. */
export const expectNear = vi.defineHelper((actual: number, expected: number, tolerance?: number) => {
  const error = actual === expected ? 0 : Math.abs(actual - expected) / Math.abs(expected);
  expect(error, `${actual} beside ${expected}`).toBeLessThan(tolerance ?? 1e-10);
});

/** The same for each of several numbers. */
export const expectAllNear = vi.defineHelper((actual: readonly number[], expected: readonly number[]) => {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, place) => {
    expectNear(value, expected[place] ?? Number.NaN);
  });
});
