import { combined } from './calibration.js';
import type { LinearClassifier } from './linear-classifier.js';

/**
 * A linear classifier of n-grams as a model, or beside a network (wide and deep, Cheng et al. 2016): the logits of a text are a scale times
 * the network's and another times the classifier's scores. Both are trained apart, and the scales fitted to validation texts.
 */
export interface NgramBranch {
  readonly classifier: LinearClassifier;
  /** Of the network's logits; 0 without one. */
  readonly networkScale: number;
  /** Of the classifier's scores. */
  readonly ngramScale: number;
}

/**
 * The C logits of a text.
 *
 * @param network the C logits that the network gives it; undefined without one
 * @param scores the C scores of the classifier
 */
export function jointLogits(
  { networkScale, ngramScale }: NgramBranch,
  network: Float64Array | undefined,
  scores: Float64Array,
): Float64Array {
  return network === undefined
    ? combined([scores], [ngramScale])
    : combined([network, scores], [networkScale, ngramScale]);
}
