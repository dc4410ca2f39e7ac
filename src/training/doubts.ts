import { at } from '../base/at.js';
import { shortened } from '../files/columns.js';
import type { Warning, WarningCode } from '../base/warnings.js';
import type { Recipe } from '../recipe/recipe.js';
import { advice, type TrainingCourse } from './advice.js';
import { lostFactor } from './divergence.js';
import type { WithoutLearning } from './without-learning.js';

/**
 * A loss is better than a rival's when it is below this many times that one. Any training moves a loss: by 1e-9 of it at a rate a million
 * times too small, by up to 0.8 % where labels were drawn at random. A run that learns is 1.8 % to 16 % below after its first epoch
 * on a thousand texts or fewer, and 1.1 % at a tenth of its usual rate.
 */
const better = 0.99;

/**
 * What makes finished training doubtful: that it diverged, or that the selected epoch is no better on the validation data
 * than what is reached without learning. The first warning says what to try. NaN is no better than anything.
 */
export function trainingDoubts(course: TrainingCourse, without: WithoutLearning): Warning[] {
  const doubts = [...(course.diverged ? [divergence(course, without)] : []), ...noBetter(course, without)];
  return doubts.map(({ code, message }, place) => ({
    code,
    message: place === 0 ? `${message}. ${advice(course, without)}` : message,
  }));
}

function divergence({ history, recipe }: TrainingCourse, { untrainedLoss }: WithoutLearning): Warning {
  const { epoch, trainLoss, validLoss } = at(history, history.length - 1);
  return {
    code: 'DIVERGED',
    message:
      `training diverged and ended after epoch ${epoch} of ${recipe.epochs}: its losses stayed more than ` +
      `${lostFactor} times as large as without learning (training loss ${figure(trainLoss ?? Number.NaN)}, ` +
      `validation loss ${figure(validLoss)}, untrained model ${figure(untrainedLoss)})`,
  };
}

/** The comparisons that the selected epoch does not stand. */
function noBetter({ history, recipe, selected, valid }: TrainingCourse, without: WithoutLearning): Warning[] {
  const { untrainedLoss, priorLoss, majorityAccuracy, majorityLabel } = without;
  const { epoch, validLoss, validAccuracy } = at(history, selected.epoch);
  const losses = (other: number): string => `validation loss ${figure(validLoss)} against ${figure(other)}`;
  const comparisons: readonly [WarningCode, Outcome, rival: string][] = [
    [
      'WORSE_THAN_UNTRAINED',
      outcomeOf(validLoss, untrainedLoss),
      `the untrained model: ${losses(untrainedLoss)}`,
    ],
    [
      'WORSE_THAN_PRIOR',
      outcomeOf(validLoss, priorLoss),
      `always predicting the label frequencies of the training data: ${losses(priorLoss)}`,
    ],
    [
      'WORSE_THAN_MAJORITY',
      // One class leaves nothing to beat: always answering it is right.
      majorityAccuracy === 1 || validAccuracy > majorityAccuracy ? 'better' : 'no better',
      `always predicting '${shortened(majorityLabel)}': accuracy ${figure(validAccuracy)} against ` +
        `${figure(majorityAccuracy)} on ${valid.count} validation examples`,
    ],
  ];
  return comparisons
    .filter(([, outcome]) => outcome !== 'better')
    .map(([code, outcome, rival]) => ({
      code,
      message: `${judgedPart(recipe, epoch)} is ${outcome} than ${rival}`,
    }));
}

/** The part of a model that is compared, in words. */
function judgedPart({ ngrams, recurrent }: Pick<Recipe, 'ngrams' | 'recurrent'>, epoch: number): string {
  if (!recurrent) return 'the classifier of n-grams';
  return `${ngrams === null ? '' : 'without its n-grams, '}epoch ${epoch}, the selected one,`;
}

type Outcome = 'better' | 'hardly better' | 'no better';

function outcomeOf(loss: number, rival: number): Outcome {
  if (loss < better * rival) return 'better';
  return loss < rival ? 'hardly better' : 'no better';
}

/** A number of any size with four digits: losses of training that diverged have many. */
function figure(value: number): string {
  return value.toPrecision(4);
}
