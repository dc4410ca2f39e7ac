import { at } from '../base/at.js';

/** Bins of confidence that a calibration error is taken over, as Guo et al. (2017) have them. */
export const calibrationBins = 15;

/**
 * Expected calibration error (Naeini et al. 2015): predictions are sorted into 15 bins of the same width by their confidence, and the
 * distances between mean confidence and accuracy of the bins are averaged, each bin by its share of the predictions. 0 says that of
 * what is predicted with 80 %, 80 % are right.
 *
 * @param confidences probabilities of N predicted classes, each in [0, 1]
 * @param right N times whether the prediction is the label
 * @returns in [0, 1]; NaN for no predictions
 * @throws RangeError for a confidence outside [0, 1]
 */
export function calibrationError(confidences: ArrayLike<number>, right: ArrayLike<boolean>): number {
  const surplus = new Float64Array(calibrationBins);
  for (let place = 0; place < confidences.length; place++) {
    const confidence = at(confidences, place);
    // A bin holds its upper end, but for the first, which holds both.
    const bin = Math.max(Math.ceil(confidence * calibrationBins) - 1, 0);
    surplus[bin] = at(surplus, bin) + confidence - Number(at(right, place));
  }
  return surplus.reduce((sum, each) => sum + Math.abs(each), 0) / confidences.length;
}
