import { at } from '../../base/at.js';
import { splitNames, type SplitName } from '../../datasets/split-names.js';
import type { Draft } from './draft.js';
import type { Records } from './records.js';

/** How many times the examples of the smallest class the largest one may have. */
const mostRatio = 10;

/** Classes that are named in a message. */
const classesShown = 20;

/**
 * Training data of one class only, classes that a split lacks, and training data whose largest class is ten times as large as its
 * smallest or more.
 *
 * @param classes of the dataset
 * @param splits that it has
 */
export function classFindings(
  records: Records,
  classes: readonly string[],
  splits: readonly SplitName[],
): Draft[] {
  const training = countsOf(records, 'train', classes.length);
  return [
    ...singleClass(classes, training),
    ...imbalance(classes, training),
    ...splitNames
      .filter((split) => splits.includes(split))
      .flatMap((split) => missing(split, classes, countsOf(records, split, classes.length))),
  ];
}

function countsOf(records: Records, split: SplitName, classCount: number): number[] {
  const counts = new Array<number>(classCount).fill(0);
  const { from, to } = records.rowsOf(split);
  for (let row = from; row < to; row++) {
    const label = records.labelOf(row);
    counts[label] = at(counts, label) + 1;
  }
  return counts;
}

function singleClass(classes: readonly string[], counts: readonly number[]): Draft[] {
  const present = classes.filter((_, label) => at(counts, label) > 0);
  if (present.length !== 1) return [];
  return [
    {
      kind: 'single-class',
      splits: ['train'],
      message: `all train examples are '${present.join('')}': a classifier needs two classes or more`,
      count: counts.reduce((sum, count) => sum + count, 0),
      share: 1,
      rows: [],
    },
  ];
}

function imbalance(classes: readonly string[], counts: readonly number[]): Draft[] {
  const present = counts.filter((count) => count > 0);
  const [most, fewest] = [Math.max(...present), Math.min(...present)];
  if (most < mostRatio * fewest) return [];
  const name = (count: number): string => classes[counts.indexOf(count)] ?? '';
  const ratio = (most / fewest).toFixed(1);
  return [
    {
      kind: 'class-imbalance',
      splits: ['train'],
      message: `'${name(most)}' has ${ratio} times as many train examples as '${name(fewest)}': ${most} and ${fewest}`,
      count: fewest,
      share: fewest / present.reduce((sum, count) => sum + count, 0),
      rows: [],
    },
  ];
}

function missing(split: SplitName, classes: readonly string[], counts: readonly number[]): Draft[] {
  const absent = classes.filter((_, label) => counts[label] === 0);
  if (absent.length === 0) return [];
  const more = absent.length > classesShown ? `, … (${absent.length} in all)` : '';
  return [
    {
      kind: 'missing-class',
      splits: [split],
      message: `${split} has no example of ${absent.slice(0, classesShown).join(', ')}${more}`,
      count: absent.length,
      share: absent.length / classes.length,
      rows: [],
    },
  ];
}
