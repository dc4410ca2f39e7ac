import { AdvError } from '../base/errors.js';
import { finiteValues } from './finite.js';
import { mean } from './mean.js';
import { studentQuantile } from './student-t.js';
import { sum } from './sum.js';

/** A mean and how sure it is. Every number is finite, so that JSON keeps it. */
export interface MeanInterval {
  /** Number of values. */
  readonly n: number;
  readonly mean: number;
  /** Of the values, with n − 1 in the denominator; null for one value. */
  readonly standardDeviation: number | null;
  /** 95 % confidence interval of the mean; null for one value, which says nothing of how others would vary. */
  readonly ci95: [number, number] | null;
}

/**
 * The mean of one number a seed, such as its accuracy, and the interval mean ± t·s/√n in which the mean over all seeds lies with
 * 95 % confidence, where t is the 0.975 quantile of Student's distribution with n − 1 degrees of freedom (Student 1908), the same as
 * R's t.test. Values that are all the same have the interval [mean, mean].
 *
 * @param values at least one, each of a seed of its own: the interval supposes that they are independent
 * @throws AdvError USAGE for no value, one that is not finite, or values whose variance is too large for a number
 */
export function meanInterval(values: ArrayLike<number>): MeanInterval {
  const numbers = finiteValues('a mean', values, 'values', 1);
  const n = numbers.length;
  const centre = mean(numbers);
  const df = n - 1;
  if (df === 0) return { n, mean: centre, standardDeviation: null, ci95: null };
  const standardDeviation = Math.sqrt(sum(numbers.map((value) => (value - centre) ** 2)) / df);
  const margin = (studentQuantile(0.975, df) * standardDeviation) / Math.sqrt(n);
  const ci95: [number, number] = [centre - margin, centre + margin];
  if (!ci95.every(Number.isFinite)) {
    throw new AdvError('USAGE', 'the values are too large: the interval of their mean is not finite');
  }
  return { n, mean: centre, standardDeviation, ci95 };
}
