import { at } from '../../base/at.js';
import { countByClass } from '../../statistics/class-counts.js';
import { membersByClass } from './draw.js';
import type { ExampleGroups } from '../../text/example-groups.js';
import type { Random } from '../../base/random.js';

/**
 * Holds out a share of the examples in whole groups, so that no text is on both sides. Of each class, the groups whose first example
 * has it are taken in random order while they fit into its share; of a class that has two, at least the smallest. A group that holds the
 * last examples of a class stays.
 *
 * @param labels class id of each example in [0, classCount)
 * @param groups the groups of the same examples
 * @param share in (0, 1)
 * @returns 1 for each example held out, else 0
 */
export function holdOut(
  labels: Int16Array,
  classCount: number,
  groups: ExampleGroups,
  share: number,
  random: Random,
): Uint8Array {
  const members = groups.members();
  const sizeOf = (group: number): number => members(group).length;
  const taking = new Taking(labels, classCount);
  for (const ofClass of groupsByClass(labels, classCount, members, groups.count)) {
    const order = random.shuffle(ofClass);
    const room = Math.max(1, Math.round(share * order.reduce((sum, group) => sum + sizeOf(group), 0)));
    let taken = 0;
    for (const group of order) {
      const size = sizeOf(group);
      if (taken + size <= room && taking.take(members(group))) taken += size;
    }
    if (taken === 0) {
      [...order]
        .sort((one, other) => sizeOf(one) - sizeOf(other))
        .some((group) => taking.take(members(group)));
    }
  }
  return taking.marks;
}

/** The groups of each class: a group has the class of its first example. */
function groupsByClass(
  labels: Int16Array,
  classCount: number,
  members: (group: number) => Int32Array,
  groupCount: number,
): Int32Array[] {
  const classes = Int16Array.from({ length: groupCount }, (_, group) => at(labels, at(members(group), 0)));
  return membersByClass(classes, classCount);
}

/** Examples that are taken away from their classes. */
class Taking {
  /** 1 for each example taken, else 0. */
  readonly marks: Uint8Array;
  readonly #labels: Int16Array;
  /** Examples that each class still has. */
  readonly #left: Int32Array;

  constructor(labels: Int16Array, classCount: number) {
    this.#labels = labels;
    this.#left = countByClass(labels, classCount);
    this.marks = new Uint8Array(labels.length);
  }

  /** Takes these examples, unless that leaves a class without any. */
  take(examples: Int32Array): boolean {
    this.#count(examples, -1);
    const allowed = examples.every((example) => at(this.#left, at(this.#labels, example)) > 0);
    if (allowed) for (const example of examples) this.marks[example] = 1;
    else this.#count(examples, 1);
    return allowed;
  }

  #count(examples: Int32Array, change: 1 | -1): void {
    for (const example of examples) {
      const label = at(this.#labels, example);
      this.#left[label] = at(this.#left, label) + change;
    }
  }
}
