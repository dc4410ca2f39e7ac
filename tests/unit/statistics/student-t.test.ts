import { describe, expect, it } from 'vitest';
import { studentQuantile, twoSidedP } from '../../../src/statistics/student-t.js';

function relativeError(got: number, expected: number): number {
  return Math.abs(got - expected) / Math.abs(expected);
}

/**
 * P(|T| ≥ t) without special functions: the density (1 + u²/df)^(−(df + 1)/2) is integrated beyond t and over the whole
 * half line by Simpson's rule, with u = √df·tan(θ), which turns both into cos(θ)^(df − 1) over a bounded range.
 */
function integratedP(t: number, df: number): number {
  const density = (angle: number): number => Math.cos(angle) ** (df - 1);
  const from = Math.atan(t / Math.sqrt(df));
  return simpson(density, from, Math.PI / 2) / simpson(density, 0, Math.PI / 2);
}

function simpson(f: (x: number) => number, from: number, to: number): number {
  const steps = 500_000;
  const width = (to - from) / steps;
  let sum = f(from) + f(to);
  for (let step = 1; step < steps; step += 1) sum += f(from + step * width) * (step % 2 === 1 ? 4 : 2);
  return (sum * width) / 3;
}

describe('twoSidedP', () => {
  it.each([
    [1, 0.3],
    [1, 12],
    [2, 1],
    [3, 5.841],
    [9, 4.0621],
    [30, 0.999],
    [30, 1.001],
    [500, 8],
    [13_999, 0.02],
    [13_999, 1.96],
    [13_999, 10],
    [13_999, 30],
  ])('with %i degrees of freedom at t = %d is the integral of the density', (df, t) => {
    expect(relativeError(twoSidedP(t, df), integratedP(t, df))).toBeLessThan(1e-9);
    expect(twoSidedP(-t, df)).toBe(twoSidedP(t, df));
  });

  // Computed with 40 digits by numerical integration (mpmath).
  it.each([
    [9, 50, 2.568952910874798e-12],
    [13_999, 10, 1.826862245845795e-23],
    [200_000, 30, 2.699004421241512e-197],
    [13_999, 37, 5.389718499488681e-286],
    [13_999, 38, 8.353679356857438e-301],
  ])('with %i degrees of freedom at t = %d keeps its digits in the tail', (df, t, expected) => {
    expect(relativeError(twoSidedP(t, df), expected)).toBeLessThan(1e-9);
  });

  it('is 1 at 0, and 0 where no number is small enough', () => {
    expect(twoSidedP(0, 5)).toBe(1);
    expect(twoSidedP(1e9, 13_999)).toBe(0);
  });

  it('falls as t grows, over the place where the formula changes too', () => {
    const values = [0, 1e-12, 1e-6, 0.5, 0.999999, 1, 1.000001, 2, 5].map((t) => twoSidedP(t, 13_999));
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(relativeError(1 - twoSidedP(1e-6, 1), (2 / Math.PI) * Math.atan(1e-6))).toBeLessThan(1e-9);
  });
});

describe('studentQuantile', () => {
  // Tables of the distribution, 0.975: Abramowitz & Stegun 26.10, with the digits that R's qt gives.
  it.each([
    [1, 12.706204736174694],
    [2, 4.302652729749464],
    [9, 2.2621571627982049],
    [100, 1.983971518523552],
    [13_999, 1.9601334589928567],
  ])('with %i degrees of freedom is %d', (df, expected) => {
    expect(relativeError(studentQuantile(0.975, df), expected)).toBeLessThan(1e-9);
  });

  it('is where p is 5 %', () => {
    for (const df of [1, 3, 17, 999, 13_999]) {
      expect(relativeError(twoSidedP(studentQuantile(0.975, df), df), 0.05)).toBeLessThan(1e-9);
    }
  });
});
