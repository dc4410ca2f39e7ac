import { AdvError } from '../base/errors.js';
import type { EpochRecord } from '../base/epoch-record.js';
import { anyNumber, integer } from '../base/rules.js';
import type { Recipe } from '../recipe/recipe.js';
import { makeSelectedModel, type SelectedModel } from '../datasets/proof.js';
import { fields, kept, type Kept } from '../base/schema.js';
import { resumeHint } from './run-paths.js';

/** What a file must hold for a {@link BestEpoch}. */
export const bestEpochSchema = fields({ epoch: kept(integer(1)), validLoss: kept(anyNumber) });

/** The selected epoch, as run.json has it. */
export interface BestEpoch extends Kept<typeof bestEpochSchema> {}

/** What an epoch can be selected by. */
export type Criterion = Recipe['select'];

/** How an epoch did on the validation texts. */
export type ValidatedEpoch = Pick<EpochRecord, 'epoch' | 'validLoss' | 'validAccuracy' | 'validMacroF1'>;

/** What a criterion asks to be large. */
const worth: Readonly<Record<Criterion, (epoch: ValidatedEpoch) => number>> = {
  loss: ({ validLoss }) => -validLoss,
  accuracy: ({ validAccuracy }) => validAccuracy,
  'macro-f1': ({ validMacroF1 }) => validMacroF1,
};

/**
 * Watches epochs and remembers the best by one criterion, of equally good ones that of the smaller loss, and the first of those. Epoch 0,
 * the untrained model, is looked at but never selected.
 */
export class ModelSelector {
  readonly #criterion: Criterion;
  #best: ValidatedEpoch | undefined;

  /** @param history what had been observed before, when a run is resumed */
  constructor(criterion: Criterion, history: readonly ValidatedEpoch[] = []) {
    this.#criterion = criterion;
    for (const epoch of history) this.observe(epoch);
  }

  /** The best epoch so far; undefined before the end of epoch 1. */
  get best(): ValidatedEpoch | undefined {
    return this.#best;
  }

  /**
   * Takes how an epoch did and says whether it is the best so far.
   *
   * @throws AdvError NOT_FINITE when the loss is NaN or infinite, because it could not be ordered
   */
  observe(validated: ValidatedEpoch): boolean {
    const { epoch, validLoss } = validated;
    if (!Number.isFinite(validLoss)) {
      throw new AdvError(
        'NOT_FINITE',
        `expected a finite validation loss after epoch ${epoch}, got ${validLoss}`,
        'Try a smaller learning rate (--lr) or gradient clipping (--clip-norm 5).',
      );
    }
    if (epoch < 1 || (this.#best !== undefined && !this.#isBetter(validated, this.#best))) return false;
    this.#best = validated;
    return true;
  }

  #isBetter(one: ValidatedEpoch, other: ValidatedEpoch): boolean {
    const gain = worth[this.#criterion](one) - worth[this.#criterion](other);
    return gain > 0 || (gain === 0 && one.validLoss < other.validLoss);
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

const epochNumber = kept(integer(1));

/** What a file must hold for {@link EpochsByCriterion}. */
export const epochsByCriterionSchema = fields({
  loss: epochNumber,
  accuracy: epochNumber,
  macroF1: epochNumber,
});

/** The epoch that each criterion selects among those that were trained. */
export interface EpochsByCriterion extends Kept<typeof epochsByCriterionSchema> {}

/** Which epoch each criterion selects. */
export function epochsByCriterion(history: readonly ValidatedEpoch[]): EpochsByCriterion {
  const by = (criterion: Criterion): number => new ModelSelector(criterion, history).finish().epoch;
  return { loss: by('loss'), accuracy: by('accuracy'), macroF1: by('macro-f1') };
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
  const epoch = { epoch: 1, validLoss, validAccuracy: 0, validMacroF1: 0 };
  return new ModelSelector('loss', [epoch]).finish();
}
