import { at } from '../base/at.js';
import type { EpochRecord } from '../base/epoch-record.js';
import type { EncodedSplit } from '../text/types.js';
import { chanceOf } from '../statistics/chance.js';
import type { Recipe } from '../recipe/recipe.js';
import { anyNumber, anyText } from '../base/rules.js';
import { fields, kept, type Kept } from '../base/schema.js';

/** What a file must hold for a {@link WithoutLearning}. */
export const withoutLearningSchema = fields({
  /** Validation loss of the untrained model. */
  untrainedLoss: kept(anyNumber),
  /** Validation loss of always answering with the shares of the classes in the training data, see priorLoss(). */
  priorLoss: kept(anyNumber),
  /** Validation accuracy of always answering the most frequent class of the validation data. */
  majorityAccuracy: kept(anyNumber),
  /** That class. */
  majorityLabel: kept(anyText),
});

/** What is reached without learning, as run.json holds it beside the result. */
export interface WithoutLearning extends Kept<typeof withoutLearningSchema> {}

/** The epochs of a run, the untrained model's first, and how many examples of each class it had. */
interface LearntFrom {
  readonly history: readonly Pick<EpochRecord, 'validLoss'>[];
  readonly recipe: Pick<Recipe, 'loss'>;
  readonly train: Pick<EncodedSplit, 'classCounts'>;
  readonly valid: Pick<EncodedSplit, 'classCounts'>;
}

/** What is reached without learning on the validation data of a run. */
export function withoutLearning(
  { history, recipe, train, valid }: LearntFrom,
  labels: readonly string[],
): WithoutLearning {
  const { priorLoss, majorityAccuracy, majorityClass } = chanceOf(
    train.classCounts,
    valid.classCounts,
    recipe.loss,
  );
  const untrainedLoss = at(history, 0).validLoss;
  return { untrainedLoss, priorLoss, majorityAccuracy, majorityLabel: at(labels, majorityClass) };
}
