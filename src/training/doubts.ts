import { at } from '../base/at.js';
import { shortened } from '../files/columns.js';
import type { Warning, WarningCode } from '../base/warnings.js';
import type { Recipe } from '../recipe/recipe.js';
import { priorLoss } from '../statistics/chance.js';
import { advice, adviceForNgrams, hasStalled, type TrainingCourse } from './advice.js';
import { lostFactor } from './divergence.js';
import type { TestSummary } from './run-record.js';
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
  const doubts = noBetter(course, without);
  if (course.diverged) doubts.unshift(divergence(course, without));
  else if (hasStalled(course, without)) doubts.unshift(stall(course));
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

function stall({ history, train, recipe }: TrainingCourse): Warning {
  const { epoch, trainLoss } = at(history, history.length - 1);
  const prior = priorLoss(train.classCounts, train.classCounts, recipe.loss);
  return {
    code: 'STALLED',
    message:
      `training lost what it had learnt: in epoch ${epoch}, the last one, it was no better than always predicting the label frequencies ` +
      `(training loss ${figure(trainLoss ?? Number.NaN)} against ${figure(prior)})`,
  };
}

/** The comparisons that the selected epoch does not stand. */
function noBetter({ history, recipe, selected, valid }: TrainingCourse, without: WithoutLearning): Warning[] {
  const { untrainedLoss } = without;
  const { epoch, validLoss: loss, validAccuracy: accuracy } = at(history, selected.epoch);
  const part = judgedPart(recipe, epoch);
  const untrained = outcomeOf(loss, untrainedLoss);
  const rival = `the untrained model: ${lossesBeside(loss, untrainedLoss)}`;
  return [
    ...(untrained === 'better'
      ? []
      : [{ code: 'WORSE_THAN_UNTRAINED' as const, message: `${part} is ${untrained} than ${rival}` }]),
    ...noBetterThanChance(part, { loss, accuracy }, without, valid.count),
  ];
}

/**
 * What makes a model of a network and n-grams doubtful, beside what is wrong with the network alone.
 *
 * @param validated what both reach together on the validation data, of which there are so many examples
 * @param told whether there are other doubts, which say what to try
 */
export function jointDoubts(
  validated: Pick<TestSummary, 'loss' | 'accuracy' | 'n'>,
  without: WithoutLearning,
  { recipe, told }: { readonly recipe: Recipe; readonly told: boolean },
): Warning[] {
  const doubts = noBetterThanChance('the model, with its n-grams,', validated, without, validated.n);
  if (told) return doubts;
  return doubts.map(({ code, message }, place) => ({
    code,
    message: place === 0 ? `${message}. ${adviceForNgrams(recipe)}` : message,
  }));
}

function noBetterThanChance(
  part: string,
  { loss, accuracy }: Pick<TestSummary, 'loss' | 'accuracy'>,
  { priorLoss: prior, majorityAccuracy, majorityLabel }: WithoutLearning,
  examples: number,
): Warning[] {
  const comparisons: readonly [WarningCode, Outcome, rival: string][] = [
    [
      'WORSE_THAN_PRIOR',
      outcomeOf(loss, prior),
      `always predicting the label frequencies of the training data: ${lossesBeside(loss, prior)}`,
    ],
    [
      'WORSE_THAN_MAJORITY',
      // One class leaves nothing to beat: always answering it is right.
      majorityAccuracy === 1 || accuracy > majorityAccuracy ? 'better' : 'no better',
      `always predicting '${shortened(majorityLabel)}': accuracy ${figure(accuracy)} against ` +
        `${figure(majorityAccuracy)} on ${examples} validation ${examples === 1 ? 'example' : 'examples'}`,
    ],
  ];
  return comparisons
    .filter(([, outcome]) => outcome !== 'better')
    .map(([code, outcome, rival]) => ({
      code,
      message: `${part} is ${outcome} than ${rival}`,
    }));
}

const lossesBeside = (loss: number, other: number): string =>
  `validation loss ${figure(loss)} against ${figure(other)}`;

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
