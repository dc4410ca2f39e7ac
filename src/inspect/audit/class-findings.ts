import { at } from '../../base/at.js';
import { splitNames, type SplitName } from '../../datasets/split-names.js';
import { listNames } from '../../files/columns.js';
import type { Dataset } from '../../datasets/types.js';
import { countByClass } from '../../statistics/class-counts.js';
import type { Draft } from './draft.js';
import type { Records } from './records.js';

/** How many times the examples of the smallest class the largest one may have. */
const mostRatio = 10;

/** Training data of which no text can be held out, where there is no validation data. */
export function heldOutFindings({ noneHeldOut }: Dataset, records: Records): Draft[] {
  if (noneHeldOut === undefined) return [];
  const count = records.sizeOf('train');
  return [{ kind: 'none-held-out', splits: ['train'], message: noneHeldOut, count, share: 1, rows: [] }];
}

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
  const training = countByClass(records.labelsOf('train'), classes.length);
  return [
    ...singleClass(classes, training),
    ...imbalance(classes, training),
    ...splitNames
      .filter((split) => splits.includes(split))
      .flatMap((split) => missing(split, classes, countByClass(records.labelsOf(split), classes.length))),
  ];
}

function singleClass(classes: readonly string[], counts: Int32Array): Draft[] {
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

function imbalance(classes: readonly string[], counts: Int32Array): Draft[] {
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

function missing(split: SplitName, classes: readonly string[], counts: Int32Array): Draft[] {
  const absent = classes.filter((_, label) => counts[label] === 0);
  if (absent.length === 0) return [];
  return [
    {
      kind: 'missing-class',
      splits: [split],
      message: `${split} has no example of ${listNames(absent)}`,
      count: absent.length,
      share: absent.length / classes.length,
      rows: [],
    },
  ];
}
