import { at } from '../../base/at.js';
import type { CompactArray } from '../../base/growing.js';
import { countByClass } from '../../statistics/class-counts.js';

/**
 * Share of wrong labels by confident learning (Northcutt, Jiang and Chuang 2021). An example counts for class j when its
 * probability of j reaches the mean probability of j among the examples labelled j, and no other class that does so is more
 * probable. Counts of label i and such a class j, each row scaled to the number of examples labelled i, estimate how many
 * examples labelled i are j: all off the diagonal is noise.
 *
 * @param labels class of each example in [0, C)
 * @param probabilities [example][class], each from a classifier that has not seen the example
 * @param classCount C
 * @returns in [0, 1]; 0 for no example
 */
export function confidentNoise(
  labels: readonly number[] | CompactArray,
  probabilities: ArrayLike<number>,
  classCount: number,
): number {
  const thresholds = meanSelfConfidence(labels, probabilities, classCount);
  const joint = new Float64Array(classCount * classCount);
  for (let example = 0; example < labels.length; example++) {
    const confident = confidentClass(probabilities, example * classCount, thresholds);
    if (confident === undefined) continue;
    const cell = at(labels, example) * classCount + confident;
    joint[cell] = at(joint, cell) + 1;
  }
  let wrong = 0;
  const sizes = countByClass(labels, classCount);
  for (let label = 0; label < classCount; label++) {
    const row = joint.subarray(label * classCount, (label + 1) * classCount);
    const confident = row.reduce((sum, count) => sum + count, 0);
    if (confident > 0) wrong += at(sizes, label) * (1 - at(row, label) / confident);
  }
  return labels.length === 0 ? 0 : wrong / labels.length;
}

/** Mean probability of each class among the examples that carry its label; a class without any is never reached. */
function meanSelfConfidence(
  labels: readonly number[] | CompactArray,
  probabilities: ArrayLike<number>,
  classCount: number,
): Float64Array {
  const sums = new Float64Array(classCount);
  for (let example = 0; example < labels.length; example++) {
    const label = at(labels, example);
    sums[label] = at(sums, label) + at(probabilities, example * classCount + label);
  }
  const sizes = countByClass(labels, classCount);
  return sums.map((sum, label) => (at(sizes, label) === 0 ? Infinity : sum / at(sizes, label)));
}

/** The most probable of the classes whose threshold is reached, or undefined. */
function confidentClass(
  probabilities: ArrayLike<number>,
  first: number,
  thresholds: Float64Array,
): number | undefined {
  let best: number | undefined;
  for (let label = 0; label < thresholds.length; label++) {
    const probability = at(probabilities, first + label);
    if (probability < at(thresholds, label)) continue;
    if (best === undefined || probability > at(probabilities, first + best)) best = label;
  }
  return best;
}
