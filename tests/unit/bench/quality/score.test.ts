import { expect, it } from 'vitest';
import { scoreOf } from '../../../../src/bench/quality/score.js';

const rows = [
  [Math.log(0.7), Math.log(0.3)],
  [Math.log(0.2), Math.log(0.8)],
  [Math.log(0.6), Math.log(0.4)],
  [Math.log(0.9), Math.log(0.1)],
].map((row) => Float64Array.from(row));

it('takes the softmax of scores for probabilities', () => {
  const score = scoreOf(rows, Int32Array.of(0, 1, 1, 0), ['a', 'b']);
  expect(score).toMatchObject({ n: 4, accuracy: 0.75 });
  expect(score.loss).toBeCloseTo(-Math.log(0.7 * 0.8 * 0.4 * 0.9) / 4, 12);
  // F1 of a: precision 2/3, recall 1; of b: precision 1, recall 1/2.
  expect(score.macroF1).toBeCloseTo((0.8 + 2 / 3) / 2, 12);
  // Each of the four confidences has a bin of its own.
  expect(score.calibrationError).toBeCloseTo((0.3 + 0.2 + 0.6 + 0.1) / 4, 12);
});

it('does not mind a number that is added to all scores of a text, or a probability of 0', () => {
  const moved = rows.map((row, place) => row.map((value) => value + 10 * place));
  const labels = Int32Array.of(0, 1, 1, 0);
  expect(scoreOf(moved, labels, ['a', 'b']).loss).toBeCloseTo(scoreOf(rows, labels, ['a', 'b']).loss, 9);
  const sure = [Float64Array.of(0, -Infinity)];
  expect(scoreOf(sure, Int32Array.of(0), ['a', 'b'])).toMatchObject({ loss: 0, calibrationError: 0 });
  expect(scoreOf(sure, Int32Array.of(1), ['a', 'b']).loss).toBeGreaterThan(700);
});

it('refuses scores of other texts or classes', () => {
  expect(() => scoreOf(rows, Int32Array.of(0, 1), ['a', 'b'])).toThrow(/of 2 texts .* got those of 4 texts/);
  expect(() => scoreOf(rows, Int32Array.of(0, 1, 1, 0), ['a', 'b', 'c'])).toThrow(/3 classes, .* 2 classes/);
});
