import fc from 'fast-check';
import { expect, it } from 'vitest';
import { at } from '../../../src/base/at.js';
import { holm } from '../../../src/statistics/holm.js';
import { advError, forAll } from '../support.js';
import { expectAllNear, golden } from './golden.js';

const { cases } = golden('holm') as { cases: { ps: number[]; corrected: number[] }[] };
const tables = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

it.each(cases)('corrects as statsmodels does', ({ ps, corrected }) => {
  expectAllNear(holm(ps), corrected);
});

it('leaves p-values in [0, 1], none of them smaller and all in the order that they had', async () => {
  await forAll([tables]).check((ps) => {
    const corrected = holm(ps);
    ps.forEach((p, place) => {
      expect(at(corrected, place)).toBeGreaterThanOrEqual(p);
      expect(at(corrected, place)).toBeLessThanOrEqual(1);
      ps.forEach((other, otherPlace) => {
        if (p <= other) expect(at(corrected, place)).toBeLessThanOrEqual(at(corrected, otherPlace));
      });
    });
  });
});

it('corrects more where there are more tests, and one test not at all', async () => {
  await forAll([tables]).check((ps) => {
    const more = holm([...ps, 1]);
    holm(ps).forEach((corrected, place) => {
      expect(at(more, place)).toBeGreaterThanOrEqual(corrected);
    });
  });
  expect(holm([0.04])).toEqual([0.04]);
  expect(holm([])).toEqual([]);
});

it('does not depend on the order', async () => {
  await forAll([tables]).check((ps) => {
    expect(holm(ps.toReversed())).toEqual(holm(ps).toReversed());
  });
});

it.each([[-0.1], [1.5], [Number.NaN]])('refuses %d', (p) => {
  expect(() => holm([0.5, p])).toThrow(advError('USAGE', `expects p-values in [0, 1], got ${p} at 1`, /^/));
});
