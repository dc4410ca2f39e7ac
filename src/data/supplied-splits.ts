import { AdvError } from '../errors.js';
import { at } from './at.js';
import { defaultSplitSeed } from './defaults.js';
import { holdOut } from './draw.js';
import { ExampleGroups } from './example-groups.js';
import { Random } from './random.js';
import { select } from './streaming.js';
import { drawTraining, type DrawSource } from './training-draw.js';
import type { Dataset, OpenDatasetOptions, OpenSplit } from './types.js';

/** Share of the training examples that validates where there is no validation data. */
const heldOutShare = 0.1;

/** Training data, with or without validation data, as a user gives it. */
export interface SuppliedSplits extends DrawSource {
  /** All training examples, in the order of `labels`. */
  readonly train: OpenSplit;
  /** Validation data or, where there is none, the groups of the training examples, in the order of `labels`. */
  readonly valid: OpenSplit | ExampleGroups;
}

/** The splits for training and what a reader of a result must know about them. */
type TrainingSplits = Pick<Dataset, 'train' | 'valid'> & { readonly notes: readonly string[] };

/**
 * Draws `limit` training examples or takes them all. Where there is no validation data, a tenth of the training examples is held out
 * first, stratified over classes and drawn by the split seed. Of equal texts only the first can be held out, and then the others are
 * left out of training: a model is not selected by texts that it was trained on.
 *
 * @throws AdvError DATA_MALFORMED when no class has two texts to hold one out, and what {@link drawTraining} throws
 */
export function openSuppliedSplits(supplied: SuppliedSplits, options: OpenDatasetOptions): TrainingSplits {
  const { train, valid } = supplied;
  if (valid instanceof ExampleGroups) return openHoldingOut(supplied, valid, options);
  const { wanted, notes } = drawTraining(supplied, options);
  return { train: () => select(train(), (place) => wanted?.[place] !== 0), valid, notes };
}

function openHoldingOut(
  { path, names, labels, train }: SuppliedSplits,
  groups: ExampleGroups,
  options: OpenDatasetOptions,
): TrainingSplits {
  const { splitSeed = defaultSplitSeed } = options;
  const firsts = firstOfEachGroup(labels, groups);
  const heldOut = holdOut(firsts, names.length, heldOutShare, new Random(splitSeed, 'validation'));
  const count = heldOut.reduce((sum, mark) => sum + mark, 0);
  if (count === 0) {
    throw new AdvError(
      'DATA_MALFORMED',
      `${path}: no class has two different texts, so none can be held out for validation`,
      'Give validation data, or more training data.',
    );
  }
  const rest = withoutGroups(labels, groups, heldOut);
  const copies = rest.reduce((sum, label) => sum + (label === -1 ? 1 : 0), 0) - count;
  const { wanted, notes } = drawTraining({ path, names, labels: rest }, options);
  return {
    train: () => select(train(), (place) => rest[place] !== -1 && wanted?.[place] !== 0),
    valid: () => select(train(), (place) => heldOut[place] === 1),
    notes: [
      `validation data: ${count} of the training examples, stratified over classes and drawn by split seed ${splitSeed}`,
      ...(copies === 0 ? [] : [`${copies} training examples with the text of a held-out one were left out`]),
      ...notes,
    ],
  };
}

/** The labels, -1 where an earlier example has the same text. */
function firstOfEachGroup(labels: Int16Array, groups: ExampleGroups): Int16Array {
  const groupOf = groups.view();
  let seen = 0;
  return labels.map((label, place) => {
    if (groupOf[place] !== seen) return -1;
    seen++;
    return label;
  });
}

/** The labels, -1 for marked examples and all whose text is that of a marked one. */
function withoutGroups(labels: Int16Array, groups: ExampleGroups, marks: Uint8Array): Int16Array {
  const groupOf = groups.view();
  const marked = new Uint8Array(groups.count);
  marks.forEach((mark, place) => {
    if (mark === 1) marked[at(groupOf, place)] = 1;
  });
  return labels.map((label, place) => (marked[at(groupOf, place)] === 1 ? -1 : label));
}
