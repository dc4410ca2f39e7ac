import { at } from '../base/at.js';
import type { EncodedSplit } from '../text/types.js';
import { priorLoss } from '../statistics/chance.js';
import type { EpochRecord } from '../base/epoch-record.js';
import type { DatasetDefaults } from '../recipe/table.js';
import type { Recipe } from '../recipe/recipe.js';
import { attackOf, withDropout } from '../recipe/regime.js';
import type { BestEpoch } from './selection.js';
import type { WithoutLearning } from './without-learning.js';

type Examples = Pick<EncodedSplit, 'count' | 'classCounts'>;

/** How training went, and on what. */
export interface TrainingCourse {
  /** All epochs, with the untrained model's first. */
  readonly history: readonly EpochRecord[];
  readonly selected: BestEpoch;
  readonly diverged: boolean;
  readonly recipe: Recipe;
  readonly train: Examples;
  readonly valid: Examples;
  /** What the dataset sets where the user says nothing. */
  readonly defaults: Pick<DatasetDefaults, 'learningRate' | 'epsilon' | 'clipNorm'>;
}

/** A training loss this many times what is reached without learning has grown; one below `fitted` times has fallen. */
const grown = 1.5;
const fitted = 0.8;

/** A validation loss below this many times that of the label prior is not there by chance alone. */
const clearlyBelow = 0.95;

/** Below this number of validation examples an accuracy is uncertain by more than five hundredths. */
const fewExamples = 100;

/** What to try after a run that learnt nothing, as sentences: from what its losses did. */
export function advice(course: TrainingCourse, without: WithoutLearning): string {
  if (!course.recipe.recurrent) return `Try ${listed(forNgrams(course))}.`;
  if (hasStalled(course, without))
    return `Try a smaller --lr (it was ${course.recipe.learningRate}) or another --seed.`;
  if (lossGrew(course, without)) return `Try ${listed(againstGrowth(course))}.`;
  const sentences = [`Try ${listed(remedies(course, without))}.`];
  const { count } = course.valid;
  if (count < fewExamples) {
    sentences.push(
      `On ${count} validation ${count === 1 ? 'example' : 'examples'} chance plays a large part: use more of them.`,
    );
  }
  return sentences.join(' ');
}

/** What to try where network and n-grams together learnt nothing. */
export const adviceForNgrams = (recipe: Recipe): string => `Try ${listed([moreData(recipe), audit])}.`;

/** A loss that is not below this many times that of the label prior has not left it, see doubts.ts. */
const left = 0.99;

/**
 * Whether training fell back to the label prior after an epoch that had left it: a step that was too large may drive units to where their gradient is 0.
 */
export function hasStalled(
  { diverged, history, recipe, selected, train }: TrainingCourse,
  { priorLoss: prior }: WithoutLearning,
): boolean {
  const last = at(history, history.length - 1);
  const isAtPrior = ({ trainLoss, validLoss }: EpochRecord): boolean =>
    trainLoss !== null &&
    !(trainLoss < left * priorLoss(train.classCounts, train.classCounts, recipe.loss)) &&
    !(validLoss < left * prior);
  return !diverged && recipe.recurrent && selected.validLoss < left * prior && isAtPrior(last);
}

function remedies(course: TrainingCourse, without: WithoutLearning): string[] {
  const { history, recipe, selected, train } = course;
  if (selected.validLoss < clearlyBelow * Math.min(without.priorLoss, without.untrainedLoss)) {
    // Where a later epoch was no better, more of them are not either.
    const longer = selected.epoch === history.length - 1 ? ['more --epochs'] : [];
    return [...longer, 'more examples of the rarer classes (the loss did fall: look at macro F1)'];
  }
  const bound = fitted * priorLoss(train.classCounts, train.classCounts, recipe.loss);
  const hasFitted = history.some(({ trainLoss }) => trainLoss !== null && trainLoss < bound);
  return hasFitted ? againstOverfitting(course) : towardsLearning(course);
}

function lossGrew({ diverged, history, selected }: TrainingCourse, without: WithoutLearning): boolean {
  const bound = grown * Math.max(without.untrainedLoss, without.priorLoss);
  const below = ({ trainLoss }: EpochRecord): boolean => trainLoss === null || trainLoss <= bound;
  return diverged || !(selected.validLoss <= bound) || !history.every(below);
}

function againstGrowth({ recipe, defaults }: TrainingCourse): string[] {
  const { clipNorm, epsilon, learningRate, regime } = recipe;
  const remedies = [`a smaller --lr (${wasAndDefault(learningRate, defaults.learningRate)})`];
  const perturbed = attackOf(regime) !== undefined;
  if (perturbed && (recipe.epsilonUnit === 'absolute' || epsilon > defaults.epsilon)) {
    remedies.push(`a smaller --epsilon (it was ${epsilon})`);
  }
  if (clipNorm === 0) remedies.push(`--clip-norm ${defaults.clipNorm > 0 ? defaults.clipNorm : 5}`);
  return remedies;
}

function forNgrams({ recipe }: TrainingCourse): string[] {
  const { ngrams } = recipe;
  return [moreData(recipe), `other --ngrams (they were ${(ngrams ?? []).join(',')})`, 'a network', audit];
}

function moreData({ limit }: Recipe): string {
  return limit === null ? 'more training data' : `a larger --limit (it was ${limit})`;
}

function againstOverfitting({ recipe }: TrainingCourse): string[] {
  const remedies = [moreData(recipe)];
  const dropping = withDropout(recipe.regime);
  if (dropping !== undefined) remedies.push(`--regime ${dropping}`);
  if (recipe.size === 'big') remedies.push('--size small');
  remedies.push(audit);
  return remedies;
}

function towardsLearning({ history, recipe, selected, defaults }: TrainingCourse): string[] {
  const { epochs, learningRate } = recipe;
  const rate = wasAndDefault(learningRate, defaults.learningRate);
  const direction =
    learningRate > defaults.learningRate
      ? 'a smaller'
      : learningRate < defaults.learningRate
        ? 'a larger'
        : 'another';
  const remedies = [`${direction} --lr (${rate})`];
  const completed = history.length - 1;
  if (completed >= epochs || selected.epoch === completed) {
    const longer = `more --epochs (it ran ${completed})`;
    // Beside a rate that is far too small, more epochs do little.
    if (direction === 'a larger') remedies.push(longer);
    else remedies.unshift(longer);
  }
  return [...remedies, audit];
}

const audit = 'a look at texts and labels with `npx advnative datasets audit`';

function wasAndDefault(value: number, usual: number): string {
  return value === usual ? `it was ${value}` : `it was ${value}, the default for this data is ${usual}`;
}

function listed(items: readonly string[]): string {
  const [last = '', ...others] = items.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(', ')} or ${last}`;
}
