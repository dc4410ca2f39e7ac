import { at } from '../../base/at.js';
import type { Random } from '../../base/random.js';
import { countByClass } from '../../statistics/class-counts.js';

/**
 * How many examples each class gives to a draw of `limit`: the same number each, classes that have fewer give all they
 * have, and what is missing is spread as evenly as possible over the others (water-filling). What no even share is left
 * for goes to the first classes of `order`, one each. A larger limit never lowers a quota.
 *
 * @param counts examples that each of the C classes has
 * @param limit examples wanted; no more than the sum of counts
 * @param order the C class ids in the order in which the remainder is handed out
 */
export function balancedQuotas(counts: ArrayLike<number>, limit: number, order: Int32Array): Int32Array {
  const quotas = new Int32Array(counts.length);
  const room = (id: number): number => at(counts, id) - at(quotas, id);
  let left = limit;
  let open = [...order].filter((id) => room(id) > 0);
  while (left > 0 && open.length > 0) {
    const share = Math.floor(left / open.length);
    const given = share === 0 ? open.slice(0, left) : open;
    for (const id of given) {
      const part = Math.min(Math.max(share, 1), room(id));
      quotas[id] = at(quotas, id) + part;
      left -= part;
    }
    open = open.filter((id) => room(id) > 0);
  }
  return quotas;
}

/**
 * Draws `limit` examples balanced over classes. A pure function of its arguments and the random stream; the draw of a
 * larger limit with the same stream holds that of a smaller one.
 *
 * @param labels class id of each example in [0, classCount), or -1 for an example that takes no part
 * @returns 1 for each example drawn, else 0
 */
export function drawBalanced(
  labels: Int16Array,
  classCount: number,
  limit: number,
  random: Random,
): Uint8Array {
  const members = membersByClass(labels, classCount);
  const order = random.shuffle(Int32Array.from({ length: classCount }, (_, id) => id));
  const quotas = balancedQuotas(
    members.map((ids) => ids.length),
    limit,
    order,
  );
  return markFirst(members, quotas, labels.length, random);
}

/** The examples of each class, in order; -1 belongs to none. */
export function membersByClass(labels: Int16Array, classCount: number): Int32Array[] {
  const members = [...countByClass(labels, classCount)].map((count) => new Int32Array(count));
  const filled = new Int32Array(classCount);
  labels.forEach((label, example) => {
    if (label < 0) return;
    const place = at(filled, label);
    at(members, label)[place] = example;
    filled[label] = place + 1;
  });
  return members;
}

/** Marks the first quota of each class in a shuffled order of its members. */
function markFirst(
  members: readonly Int32Array[],
  quotas: ArrayLike<number>,
  exampleCount: number,
  random: Random,
): Uint8Array {
  const marks = new Uint8Array(exampleCount);
  members.forEach((ids, label) => {
    for (const example of random.shuffle(ids).subarray(0, quotas[label])) marks[example] = 1;
  });
  return marks;
}
