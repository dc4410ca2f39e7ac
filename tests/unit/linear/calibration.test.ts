import { describe, expect, it } from 'vitest';
import {
  combined,
  crossEntropy,
  fitScales,
  unknownScale,
  type ScaledPart,
} from '../../../src/linear/calibration.js';

/** Kinds of scores of whose scales nothing is known. */
const unknown = (...parts: readonly Float64Array[][]): ScaledPart[] =>
  parts.map((scores) => ({ scores, likely: unknownScale }));

/** Scores whose classes were drawn by softmax(scale · scores), as evenly as counts allow. */
function drawn(scale: number): { scores: Float64Array[]; labels: number[] } {
  const [scores, labels]: [Float64Array[], number[]] = [[], []];
  for (const gap of [-0.4, -0.1, 0.2, 0.5]) {
    const share = 1 / (1 + Math.exp(-scale * gap));
    for (let place = 0; place < 1000; place++) {
      scores.push(Float64Array.of(0, gap));
      labels.push(place < Math.round(1000 * share) ? 1 : 0);
    }
  }
  return { scores, labels };
}

function lossAt(
  parts: readonly Float64Array[][],
  labels: readonly number[],
  scales: readonly number[],
): number {
  return labels.reduce((sum, label, place) => {
    const rows = parts.map((part) => part[place] ?? Float64Array.of());
    return sum + crossEntropy(combined(rows, scales), label);
  }, 0);
}

describe('the scales of scores', () => {
  it.each([0.5, 3, 20])('are the %d by which classes were drawn', (scale) => {
    const { scores, labels } = drawn(scale);
    const [found = 0] = fitScales(unknown(scores), labels);
    expect(Math.abs(found / scale - 1)).toBeLessThan(0.03);
    const loss = lossAt([scores], labels, [found]);
    expect(loss).toBeLessThan(lossAt([scores], labels, [found * 1.02]));
    expect(loss).toBeLessThan(lossAt([scores], labels, [found / 1.02]));
  });

  it('of two kinds are those of the least loss', () => {
    const { scores, labels } = drawn(3);
    const noise = scores.map((_, place) => Float64Array.of(Math.sin(place), Math.cos(3 * place)));
    const found = fitScales(unknown(scores, noise), labels);
    const loss = lossAt([scores, noise], labels, found);
    for (const [part, by] of [
      [0, 0.05],
      [0, -0.05],
      [1, 0.05],
      [1, -0.05],
    ] as const) {
      const moved = found.map((scale, place) => (place === part ? scale + by : scale));
      expect(loss).toBeLessThan(lossAt([scores, noise], labels, moved));
    }
    expect(found[1]).toBeLessThan(0.1);
  });

  it('are finite where every example is right, and 0 for scores that are always wrong', () => {
    const scores = [Float64Array.of(1, 0, 0), Float64Array.of(0, 2, 0)];
    const [right = 0] = fitScales(unknown(scores), [0, 1]);
    expect(right).toBeGreaterThan(2);
    expect(Number.isFinite(right)).toBe(true);
    expect(fitScales(unknown(scores), [1, 0])).toEqual([0]);
    const opposite = scores.map((row) => row.map((score) => -score));
    expect(fitScales(unknown(scores, opposite), [1, 0])[0]).toBe(0);
  });
});

describe('a scale of which something is known', () => {
  const likely = { usual: 2.5, spread: 1 };

  it('stays near what is usual where a single example is wrong, or right', () => {
    const scores = [Float64Array.of(0, 1.5)];
    const [wrong = 0] = fitScales([{ scores, likely }], [0]);
    expect(wrong).toBeGreaterThan(0.5);
    expect(wrong).toBeLessThan(likely.usual);
    const [right = 0] = fitScales([{ scores, likely }], [1]);
    expect(right).toBeGreaterThan(likely.usual);
    expect(right).toBeLessThan(3);
  });

  it('is the most probable one', () => {
    const { scores, labels } = drawn(3);
    const [few, fewLabels] = [scores, labels].map((all) => all.filter((_, place) => place % 97 === 0)) as [
      Float64Array[],
      number[],
    ];
    const [found = 0] = fitScales([{ scores: few, likely }], fewLabels);
    const cost = (scale: number): number =>
      lossAt([few], fewLabels, [scale]) + (scale - likely.usual) ** 2 / (2 * likely.spread ** 2);
    for (const by of [0.01, -0.01]) expect(cost(found)).toBeLessThan(cost(found + by));
  });

  it('is that of the examples where there are many', () => {
    const { scores, labels } = drawn(6);
    const [found = 0] = fitScales([{ scores, likely }], labels);
    expect(Math.abs(found / 6 - 1)).toBeLessThan(0.03);
  });
});

it('is the negative logarithm of the probability, and finite', () => {
  expect(crossEntropy(Float64Array.of(0, Math.log(3)), 1)).toBeCloseTo(Math.log(4 / 3), 12);
  expect(Number.isFinite(crossEntropy(Float64Array.of(0, 1e9), 0))).toBe(true);
});
