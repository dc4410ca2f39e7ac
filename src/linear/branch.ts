import type { FeatureRow } from '../text/ngrams/features.js';
import { combined } from './calibration.js';
import type { LinearClassifier } from './linear-classifier.js';

/**
 * A linear classifier of n-grams beside a network (wide and deep, Cheng et al. 2016): the logits of a text are a scale times the network's
 * and another times the classifier's scores. Both are trained apart, and the scales fitted to validation texts.
 */
export interface NgramBranch {
  readonly classifier: LinearClassifier;
  /** Of the network's logits. */
  readonly networkScale: number;
  /** Of the classifier's scores. */
  readonly ngramScale: number;
}

/**
 * The C logits of a text.
 *
 * @param network the C logits that the network gives it
 * @param row its features
 */
export function jointLogits(
  { classifier, networkScale, ngramScale }: NgramBranch,
  network: Float32Array,
  row: FeatureRow,
): Float64Array {
  return combined([Float64Array.from(network), classifier.scoresOf(row)], [networkScale, ngramScale]);
}
