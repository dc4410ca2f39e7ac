import type { Doubt } from './doubt.js';
import type { SeenLabel } from './similar-labels.js';

/** Classes from which on many rare ones are more than the few examples of a first try. */
const fewClasses = 20;

/** Share of the classes. */
const most = 1 / 2;

/**
 * Classes with a single example, where they are half of many or more: nothing can be learnt of them, and what stands in the place of the
 * labels is most likely something else.
 *
 * @param labels of the training data
 */
export function singleExampleClasses(labels: ReadonlyMap<string, SeenLabel>): Doubt[] {
  const single = [...labels.values()].filter(({ count }) => count === 1);
  if (labels.size < fewClasses || !(single.length >= most * labels.size)) return [];
  return [
    {
      code: 'SINGLE_EXAMPLE_CLASSES',
      message:
        `${single.length} of ${labels.size} classes have a single training example. ` +
        'Check that text and label have not changed places, and that the labels are classes, not numbers or names; ' +
        '--label-column says where they stand.',
      splits: ['train'],
      count: single.length,
      share: single.length / labels.size,
      examples: single.flatMap(({ first }) => first ?? []),
    },
  ];
}
