import { AdvError } from '../base/errors.js';

/** What the model says about one text. */
export interface Classification {
  /** Class with the largest probability; the first of equals. */
  readonly label: string;
  /** Its probability. */
  readonly probability: number;
  /** Probability of every class. */
  readonly probabilities: Record<string, number>;
  /** True when the text was longer than the model reads and was cut. */
  readonly truncated: boolean;
}

/**
 * The class of the largest probability, of equal ones the first.
 *
 * @param labels C classes
 * @param probabilities [C], each in [0, 1]
 * @param truncated whether the text was cut
 * @throws AdvError NOT_FINITE when a probability is NaN
 */
export function classificationOf(
  labels: readonly string[],
  probabilities: ArrayLike<number>,
  truncated: boolean,
): Classification {
  const values = Array.from(probabilities);
  const probability = Math.max(...values);
  const label = labels[values.indexOf(probability)];
  if (label === undefined) {
    throw new AdvError(
      'NOT_FINITE',
      'the model gave probabilities that are not numbers',
      'Export the model again.',
    );
  }
  const byLabel = Object.fromEntries(labels.map((name, place) => [name, values[place] ?? 0]));
  return { label, probability, probabilities: byLabel, truncated };
}
