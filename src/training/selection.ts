import { AdvError } from '../base/errors.js';
import { anyNumber, integer } from '../base/rules.js';
import { makeSelectedModel, type SelectedModel } from '../datasets/proof.js';
import { fields, kept, type Kept } from '../base/schema.js';
import { resumeHint } from './run-paths.js';

/** What a file must hold for a {@link BestEpoch}. */
export const bestEpochSchema = fields({ epoch: kept(integer(1)), validLoss: kept(anyNumber) });

/** The best epoch so far, as it is stored in a checkpoint. */
export interface BestEpoch extends Kept<typeof bestEpochSchema> {}

/**
 * Watches validation losses and remembers the first of the smallest. Epoch 0, the untrained model, is looked at but
 * never selected.
 */
export class ModelSelector {
  #best: BestEpoch | undefined;

  /** @param best what an earlier selector had found, when a run is resumed */
  constructor(best?: BestEpoch) {
    this.#best = best;
  }

  /** The best epoch so far; undefined before the end of epoch 1. */
  get best(): BestEpoch | undefined {
    return this.#best;
  }

  /**
   * Takes the mean validation loss of an epoch and says whether this epoch is the best so far.
   *
   * @throws AdvError NOT_FINITE when the loss is NaN or infinite, because it could not be ordered
   */
  observe(epoch: number, validLoss: number): boolean {
    if (!Number.isFinite(validLoss)) {
      throw new AdvError(
        'NOT_FINITE',
        `expected a finite validation loss after epoch ${epoch}, got ${validLoss}`,
        'Try a smaller learning rate (--lr) or gradient clipping (--clip-norm 5).',
      );
    }
    if (epoch < 1 || (this.#best !== undefined && validLoss >= this.#best.validLoss)) return false;
    this.#best = { epoch, validLoss };
    return true;
  }

  /**
   * Ends selection.
   *
   * @throws AdvError USAGE when no trained epoch has been observed
   */
  finish(): SelectedModel {
    if (this.#best === undefined) {
      throw new AdvError(
        'USAGE',
        'expected at least one trained epoch to select from, got none',
        'Train for one epoch or more.',
      );
    }
    return makeSelectedModel(this.#best.epoch, this.#best.validLoss);
  }
}

/**
 * The selected model of a run that has finished, from its record.
 *
 * @param directory where the run lies, for the hint
 * @param record status and result as run.json holds them
 * @throws AdvError RUN_DIRECTORY when the run has not finished
 */
export function selectedModelOfFinishedRun(
  directory: string,
  record: { readonly status: string; readonly result?: { readonly best: BestEpoch } | undefined },
): SelectedModel {
  const best = record.result?.best;
  if (record.status !== 'done' || best === undefined || !(best.epoch >= 1)) {
    throw new AdvError(
      'RUN_DIRECTORY',
      `expected a finished run, got ${directory}, whose status is '${record.status}'`,
      resumeHint(directory),
    );
  }
  return makeSelectedModel(best.epoch, best.validLoss);
}

/**
 * The selected model that an exported file holds, from the facts that the export wrote into it.
 *
 * @throws AdvError MODEL when the file does not say which epoch was selected
 */
export function selectedModelOfExport(training: Readonly<Record<string, unknown>>): SelectedModel {
  const { bestEpoch, validLoss } = training;
  if (typeof bestEpoch !== 'number' || !(bestEpoch >= 1) || typeof validLoss !== 'number') {
    throw new AdvError(
      'MODEL',
      'expected a model that says which epoch was selected, got one that does not',
      'Export it again from its run: npx advnative export RUN',
    );
  }
  return makeSelectedModel(bestEpoch, validLoss);
}

/**
 * The model that another program has learnt, once it is validated: a bench opens the test data with it that this program is asked about.
 *
 * @param validLoss its mean validation loss, in nats
 * @throws AdvError NOT_FINITE when the loss is NaN or infinite
 */
export function selectedModelOfPeer(validLoss: number): SelectedModel {
  const selector = new ModelSelector();
  selector.observe(1, validLoss);
  return selector.finish();
}
