import type { Doubt } from './doubt.js';
import { legible, likenessKey } from '../../files/label-likeness.js';
import type { SeenLabel } from './similar-labels.js';

/** What programs write where there is no value, in small letters. Words that may be a class are none, such as none and n/a. */
const missing: ReadonlySet<string> = new Set(['nan', 'null', '<na>', '#n/a', 'undefined', '']);

/**
 * Labels that stand for a value that is missing, as programs write it.
 *
 * @param labels of the training data
 */
export function missingValueLabels(labels: ReadonlyMap<string, SeenLabel>): Doubt[] {
  const found = [...labels].filter(([label]) => missing.has(likenessKey(label)));
  if (found.length === 0) return [];
  const total = [...labels.values()].reduce((sum, { count }) => sum + count, 0);
  const count = found.reduce((sum, [, seen]) => sum + seen.count, 0);
  const names = found.map(([label, seen]) => `'${legible(label)}' (${seen.count})`).join(', ');
  return [
    {
      code: 'MISSING_VALUE_LABELS',
      message:
        `a label that programs write for a missing value is a class of its own: ${names}. ` +
        'If these examples have no label, leave them out of the file.',
      splits: ['train'],
      count,
      share: total === 0 ? 0 : count / total,
      examples: found.flatMap(([, { first }]) => first ?? []),
    },
  ];
}
