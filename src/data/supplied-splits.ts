import { AdvError } from '../errors.js';
import { holdOut } from './draw.js';
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
  readonly valid: OpenSplit | undefined;
}

/** The splits for training and what a reader of a result must know about them. */
type TrainingSplits = Pick<Dataset, 'train' | 'valid'> & { readonly notes: readonly string[] };

/**
 * Draws `limit` training examples or takes them all. Where there is no validation data, a tenth of the training examples is held out
 * first, stratified over classes and drawn by the split seed.
 *
 * @throws AdvError DATA_MALFORMED when no class has two examples to hold one out, and what {@link drawTraining} throws
 */
export function openSuppliedSplits(supplied: SuppliedSplits, options: OpenDatasetOptions): TrainingSplits {
  const { train, valid } = supplied;
  if (valid === undefined) return openHoldingOut(supplied, options);
  const { wanted, notes } = drawTraining(supplied, options);
  return { train: () => select(train(), (place) => wanted?.[place] !== 0), valid, notes };
}

function openHoldingOut(
  { path, names, labels, train }: SuppliedSplits,
  options: OpenDatasetOptions,
): TrainingSplits {
  const { splitSeed = 1 } = options;
  const heldOut = holdOut(labels, names.length, heldOutShare, new Random(splitSeed, 'validation'));
  const count = heldOut.reduce((sum, mark) => sum + mark, 0);
  if (count === 0) {
    throw new AdvError(
      'DATA_MALFORMED',
      `${path}: no class has two examples, so none can be held out for validation`,
      'Give validation data, or more training data.',
    );
  }
  const rest = labels.map((label, place) => (heldOut[place] === 1 ? -1 : label));
  const { wanted, notes } = drawTraining({ path, names, labels: rest }, options);
  return {
    train: () => select(train(), (place) => heldOut[place] === 0 && wanted?.[place] !== 0),
    valid: () => select(train(), (place) => heldOut[place] === 1),
    notes: [
      `validation data: ${count} of the training examples, stratified over classes and drawn by split seed ${splitSeed}`,
      ...notes,
    ],
  };
}
