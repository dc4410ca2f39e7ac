import { shortened } from '../../files/columns.js';
import type { Example } from '../../text/types.js';
import type { Doubt } from './doubt.js';
import { differenceOf, legible, likenessKey } from '../../files/label-likeness.js';

/** What is known of a label. */
export interface SeenLabel {
  readonly count: number;
  /** The first example that has it; undefined where none has. */
  readonly first: Example | undefined;
}

type SeenLabels = ReadonlyMap<string, SeenLabel>;

const groupsShown = 5;
const labelsShown = 6;

/**
 * Labels that are classes of their own, although they differ by case, by how letters are composed, by invisible characters, white space or
 * the like alone.
 *
 * @param labels of the training data
 */
export function similarLabels(labels: SeenLabels): Doubt[] {
  const groups = groupsOf(labels.keys());
  if (groups.length === 0) return [];
  const alike = groups.flat();
  const described = groups.slice(0, groupsShown).map((group) => describeGroup(group, labels));
  const more = groups.length > groupsShown ? `; … (${groups.length} groups in all)` : '';
  return [
    {
      code: 'SIMILAR_LABELS',
      message:
        `labels that look alike are classes of their own: ${described.join('; ')}${more}. ` +
        'If they mean the same, write each class in one way.',
      splits: ['train'],
      count: alike.length,
      share: alike.length / labels.size,
      examples: alike.flatMap((label) => labels.get(label)?.first ?? []),
    },
  ];
}

/** Those of the labels that look like others, together with these. */
function groupsOf(labels: Iterable<string>): string[][] {
  const groups = new Map<string, string[]>();
  for (const label of labels) {
    const key = likenessKey(label);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [label]);
    else group.push(label);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** Such as "'Positive' (12) and 'positive' (3) differ by case". */
function describeGroup(group: readonly string[], labels: SeenLabels): string {
  const named = group
    .slice(0, labelsShown)
    .map((label) => `'${shortened(legible(label))}' (${labels.get(label)?.count ?? 0})`);
  const last = group.length > labelsShown ? `${group.length - labelsShown} more` : (named.pop() ?? '');
  return `${named.join(', ')} and ${last} differ by ${differenceOf(group)}`;
}
