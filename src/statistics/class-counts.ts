import { at } from '../base/at.js';

/**
 * How many examples each class has.
 *
 * @param labels in [0, C); -1 counts for none
 * @param classCount C
 * @returns [C]
 */
export function countByClass(labels: Iterable<number>, classCount: number): Int32Array {
  const counts = new Int32Array(classCount);
  for (const label of labels) if (label >= 0) counts[label] = at(counts, label) + 1;
  return counts;
}
