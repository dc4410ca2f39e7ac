import { AdvError } from '../../base/errors.js';
import { defaultSplitSeed } from '../defaults.js';
import { holdOut } from './hold-out.js';
import { ExampleGroups } from '../../text/example-groups.js';
import { Random } from '../../base/random.js';
import { select } from '../../base/streaming.js';
import { describeSkipped, drawTraining, type DrawSource } from './training-draw.js';
import type { Dataset, OpenDatasetOptions, OpenSplit } from '../types.js';

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
type TrainingSplits = Pick<Dataset, 'train' | 'valid' | 'noneHeldOut'> & {
  /** Of the training examples. */
  readonly count: number;
  readonly notes: readonly string[];
};

/**
 * Draws `limit` training examples or takes them all. Where there is no validation data, a tenth of the training examples is held out
 * first, stratified over classes and drawn by the split seed. Examples with equal texts stay together: a model is not selected by texts
 * that it was trained on.
 *
 * @throws AdvError DATA_MALFORMED when no class has two texts to hold one out and that is not allowed, and what {@link drawTraining}
 * throws
 */
export function openSuppliedSplits(supplied: SuppliedSplits, options: OpenDatasetOptions): TrainingSplits {
  const { train, valid } = supplied;
  if (valid instanceof ExampleGroups) return openHoldingOut(supplied, valid, options);
  const { wanted, count, notes } = drawTraining(supplied, options);
  return { train: () => select(train(), (place) => wanted?.[place] !== 0), valid, count, notes };
}

/** What else to look at where there are nearly as many classes as examples: to follow a sentence. */
export function changedPlaces({ names, labels }: Pick<DrawSource, 'names' | 'labels'>): string {
  if (names.length <= labels.length / 2) return '';
  return ` There are ${names.length} classes in ${labels.length} examples: check that text and label have not changed places.`;
}

function openHoldingOut(
  source: SuppliedSplits,
  groups: ExampleGroups,
  options: OpenDatasetOptions,
): TrainingSplits {
  const { path, names, labels, train } = source;
  const { splitSeed = defaultSplitSeed, allowIncomplete = false } = options;
  const random = new Random(splitSeed, 'validation');
  const heldOut = holdOut(labels, names.length, groups, heldOutShare, random);
  const validating = heldOut.reduce((sum, mark) => sum + mark, 0);
  const noneHeldOut =
    validating === 0 ? 'no class has two different texts, so none can be held out for validation' : undefined;
  if (noneHeldOut !== undefined && !allowIncomplete) {
    throw new AdvError(
      'DATA_MALFORMED',
      `${path}: ${noneHeldOut}${describeSkipped(source)}`,
      `Give validation data, or more training data.${changedPlaces(source)}`,
    );
  }
  const rest = labels.map((label, place) => (heldOut[place] === 1 ? -1 : label));
  const { wanted, count, notes } = drawTraining({ ...source, labels: rest }, options);
  return {
    train: () => select(train(), (place) => heldOut[place] === 0 && wanted?.[place] !== 0),
    valid: () => select(train(), (place) => heldOut[place] === 1),
    count,
    noneHeldOut,
    notes: [
      `validation data: ${validating} of the training examples, stratified over classes and drawn by split seed ${splitSeed}`,
      ...notes,
    ],
  };
}
