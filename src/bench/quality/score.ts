import { at } from '../../base/at.js';
import { crossEntropy, type ScoreRows } from '../../linear/calibration.js';
import { calibrationError } from '../../statistics/calibration-error.js';
import { ClassificationTally } from '../../statistics/metrics.js';
import { softmax } from '../../statistics/softmax.js';
import type { QualityScore } from './result.js';

/**
 * What the softmax of scores reaches, the same for every system.
 *
 * @param rows [N][C]
 * @param labels [N], each in [0, C)
 * @param classNames C names
 * @throws Error when there are not N rows of C numbers
 */
export function scoreOf(rows: ScoreRows, labels: Int32Array, classNames: readonly string[]): QualityScore {
  requireShape(rows, labels.length, classNames.length);
  const chosen = rows.map((row) => row.indexOf(Math.max(...row)));
  const tally = new ClassificationTally(classNames);
  tally.add({
    labels,
    predictions: Int32Array.from(chosen),
    losses: Float64Array.from(rows, (row, place) => crossEntropy(row, at(labels, place))),
  });
  const { n, loss, accuracy, macroF1 } = tally.metrics();
  const confidences = rows.map((row, place) => at(softmax(row), at(chosen, place)));
  const right = chosen.map((choice, place) => choice === at(labels, place));
  return { n, loss, accuracy, macroF1, calibrationError: calibrationError(confidences, right) };
}

function requireShape(rows: ScoreRows, examples: number, classes: number): void {
  const wrong = rows.find((row) => row.length !== classes);
  if (rows.length === examples && wrong === undefined) return;
  const got = wrong === undefined ? `${rows.length} texts` : `${wrong.length} classes`;
  throw new Error(`expected scores of ${examples} texts and ${classes} classes, got those of ${got}`);
}
