import { at } from '../base/at.js';
import { squaredError } from './loss.js';
import type { LossName } from './loss-names.js';
import { sum } from './sum.js';

/** What answers reach that never read the text. Both counts have a number for each of C classes, in one order. */
export interface Chance {
  /** Loss of the training data's label prior on the validation labels, see priorLoss(). */
  readonly priorLoss: number;
  /** Share of the most frequent class in the validation data, 0 to 1: no constant answer is right more often. */
  readonly majorityAccuracy: number;
  /** That class, in [0, C); the first of several. */
  readonly majorityClass: number;
}

/**
 * What can be reached on validation data without reading it.
 *
 * @param train examples of each class in the training data
 * @param valid examples of each class in the validation data, at least one in all
 * @param loss by which it is told
 */
export function chanceOf(
  train: readonly number[],
  valid: readonly number[],
  loss: LossName = 'cross-entropy',
): Chance {
  const most = valid.reduce((largest, count) => Math.max(largest, count), 0);
  return {
    priorLoss: priorLoss(train, valid, loss),
    majorityAccuracy: most / sum(valid),
    majorityClass: valid.indexOf(most),
  };
}

/**
 * Mean loss of always answering with the shares of the classes in the training data. A class counts one
 * example more than it has (Laplace's rule of succession), so that a class which training lacks costs a finite loss.
 *
 * @param train examples of each class that the shares are taken from
 * @param scored examples of each class that the answer is given for, at least one in all
 * @param loss by which it is told: cross-entropy in nats, or the squared error of the shares
 */
export function priorLoss(
  train: readonly number[],
  scored: readonly number[],
  loss: LossName = 'cross-entropy',
): number {
  const examples = sum(train) + train.length;
  const shares = train.map((count) => (count + 1) / examples);
  const lossOf = (label: number): number =>
    loss === 'squared' ? squaredError(shares, label) : Math.log(examples / (at(train, label) + 1));
  return sum(train.map((_, label) => (scored[label] ?? 0) * lossOf(label))) / sum(scored);
}
