import { expect, test } from 'vitest';
import { lengthFences } from '../../../../src/inspect/audit/length-fences.js';

const fences = (p25: number, p75: number) =>
  lengthFences({ p1: 0, p5: 0, p25, median: p25, p75, p95: p75, p99: p75 });

test('lie three quartile ranges beyond the quartiles, on a logarithmic scale', () => {
  expect(fences(40, 80)).toEqual({ shortest: 5, longest: 640 });
});

test('leave room for a factor of two where texts are of one length', () => {
  expect(fences(30, 30)).toEqual({ shortest: 15, longest: 60 });
  expect(fences(0, 0)).toEqual({ shortest: 0.5, longest: 2 });
});
