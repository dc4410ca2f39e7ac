import { membersByClass } from './draw.js';
import type { Random } from '../../base/random.js';

/** Which split an example belongs to. */
export const part = { train: 0, valid: 1, test: 2, none: 3 } as const;

export type Part = keyof typeof part;

/** Share of each class that goes to validation, and as much again to the test. */
const share = 0.1;

/**
 * Cuts a corpus that has no official splits 80/10/10, stratified: of each class a tenth, rounded, goes to the test, a tenth to
 * validation, the rest to training; at least one to each of the two where a class has three examples or more. A pure function
 * of its arguments and the random stream.
 *
 * @param labels class id of each example in [0, classCount), or -1 for an example that takes no part
 * @returns the part of each example
 */
export function cutIntoParts(labels: Int16Array, classCount: number, random: Random): Uint8Array {
  const parts = new Uint8Array(labels.length).fill(part.none);
  for (const members of membersByClass(labels, classCount)) {
    const tenth = members.length < 3 ? 0 : Math.max(1, Math.round(share * members.length));
    random.shuffle(members).forEach((example, place) => {
      parts[example] = place < tenth ? part.test : place < 2 * tenth ? part.valid : part.train;
    });
  }
  return parts;
}
