import type { LossName } from './loss-names.js';
import { softmax } from './softmax.js';
import { sum } from './sum.js';

/**
 * The squared loss of an answer that gives each class a probability by itself: Σ (p_c − [c = label])² / C.
 *
 * @param probabilities [C], each in [0, 1]
 * @param label in [0, C)
 */
export function squaredError(probabilities: ArrayLike<number>, label: number): number {
  const squares = Array.from(probabilities, (probability, c) => (probability - (c === label ? 1 : 0)) ** 2);
  return sum(squares) / squares.length;
}

/**
 * Class probabilities from the logits of a model that minimises `loss`: their softmax, or their sigmoids, which are what the squared loss
 * teaches to be each class's probability, divided by their sum.
 *
 * @param logits [C]
 * @returns [C], in double; where a logit is NaN, all are
 */
export function probabilitiesOf(loss: LossName, logits: ArrayLike<number>): Float64Array {
  return softmax(loss === 'squared' ? Float64Array.from(logits, logSigmoid) : logits);
}

/** Without overflow, and where the sigmoid itself would be 0. */
function logSigmoid(logit: number): number {
  return Math.min(logit, 0) - Math.log1p(Math.exp(-Math.abs(logit)));
}
