import type { EpochRecord } from '../../base/epoch-record.js';
import { flag, integer } from '../../base/rules.js';
import { fields, kept, type Kept } from '../../base/schema.js';
import type { Recipe } from '../../recipe/recipe.js';
import type { TrainOptions } from '../../recipe/table.js';
import { ModelSelector, type ValidatedEpoch } from '../../training/selection.js';
import type { RunFailure } from '../study-folder.js';

/** One set of options. */
export interface Trial {
  /** From 1; of a search the first has the defaults. */
  readonly number: number;
  /** What sets it apart from the others. */
  readonly chosen: TrainOptions;
  /** All that train() is told but where it happens. */
  readonly options: TrainOptions;
}

/** What a file must hold for a {@link TrialPart}. */
export const partSchema = fields({
  /** Of a whole training. */
  epochs: kept(integer(1)),
  /** Whether there is nothing left to train. */
  over: kept(flag),
  diverged: kept(flag),
});

/** How the last part ended that was trained to its end. */
export interface TrialPart extends Kept<typeof partSchema> {}

/** How far a trial is. */
export interface TrialState {
  readonly failure: RunFailure | null;
  /** Null before the first part is over. */
  readonly part: TrialPart | null;
  /** Epochs so far, with the untrained model's, epoch 0, first. */
  readonly history: readonly EpochRecord[];
}

/** Where a trial stands: `whole` has no epoch left that could be trained. */
export type TrialStatus = 'waiting' | 'part' | 'whole' | 'diverged' | 'failed';

/** The state of a trial that has not begun. */
export const notBegun: TrialState = { failure: null, part: null, history: [] };

export function statusOf({ failure, part, history }: TrialState): TrialStatus {
  if (failure !== null) return 'failed';
  if (part?.diverged === true) return 'diverged';
  if (part?.over === true) return 'whole';
  return history.length > 1 ? 'part' : 'waiting';
}

/** Epochs that were trained. */
export const trainedEpochs = ({ history }: TrialState): number => Math.max(0, history.length - 1);

/** The epoch that ends a share of all epochs. */
export const epochAt = (epochs: number, divisor: number): number => Math.ceil(epochs / divisor);

/** Whether a trial has still to be trained to have a share of its epochs, one in `divisor`. */
export function lacks(state: TrialState, divisor: number): boolean {
  if (state.failure !== null || state.part?.over === true) return false;
  return state.part === null || trainedEpochs(state) < epochAt(state.part.epochs, divisor);
}

/**
 * The best epoch of a trial on validation texts, by what runs select by.
 *
 * @param divisor of what it had after this share of its epochs; later ones, of a trial that is ahead, are not looked at
 * @returns undefined for one that failed, diverged or has no epoch: it is worse than every other
 */
export function bestEpoch(
  { failure, part, history }: TrialState,
  select: Recipe['select'],
  divisor = 1,
): ValidatedEpoch | undefined {
  if (failure !== null || part?.diverged === true) return undefined;
  const last = part === null ? Infinity : epochAt(part.epochs, divisor);
  return new ModelSelector(
    select,
    history.filter(({ epoch }) => epoch <= last),
  ).best;
}
