import { finiteValues } from './finite.js';
import { meanInterval } from './mean-interval.js';
import { studentQuantile } from './student-t.js';

/** How far apart the means of two groups are. */
export interface DifferenceInterval {
  /** Mean of b minus mean of a. */
  readonly bMinusA: number;
  /** 95 % confidence interval; null where a group has one value. */
  readonly ci95: [number, number] | null;
}

/**
 * The difference of the means of two independent groups that need not vary alike: ± t·√(s_a²/n_a + s_b²/n_b), with the degrees of freedom of
 * Welch (1947, "The generalization of 'Student's' problem when several different population variances are involved") rounded down, at least 1, which errs on
 * the safe side. Groups that do not vary at all have the interval of their difference alone.
 *
 * @param a at least one value
 * @param b likewise
 * @throws AdvError USAGE for no value, one that is not finite, or values whose variance is too large for a number
 */
export function differenceInterval(a: ArrayLike<number>, b: ArrayLike<number>): DifferenceInterval {
  const groups = [a, b].map((values) => {
    const { n, mean, standardDeviation } = meanInterval(finiteValues('a difference', values, 'values', 1));
    return { n, mean, variance: standardDeviation === null ? null : standardDeviation ** 2 / n };
  });
  const [ofA, ofB] = groups as [(typeof groups)[0], (typeof groups)[0]];
  const bMinusA = ofB.mean - ofA.mean;
  if (ofA.variance === null || ofB.variance === null) return { bMinusA, ci95: null };
  const variance = ofA.variance + ofB.variance;
  if (variance === 0) return { bMinusA, ci95: [bMinusA, bMinusA] };
  // Shares, because the squares of tiny variances would be 0.
  const df =
    1 / ((ofA.variance / variance) ** 2 / (ofA.n - 1) + (ofB.variance / variance) ** 2 / (ofB.n - 1));
  const margin = studentQuantile(0.975, Math.max(1, Math.floor(df))) * Math.sqrt(variance);
  return { bMinusA, ci95: [bMinusA - margin, bMinusA + margin] };
}
