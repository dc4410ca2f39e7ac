import { AdvError } from '../base/errors.js';
import { betterOf, type Better } from './better.js';
import { mean } from './mean.js';
import { pairDifferences } from './pair-differences.js';
import { studentQuantile, twoSidedP } from './student-t.js';

/** What a paired t-test says about two models. Every number is finite, so that JSON keeps it. */
export interface PairedTTest {
  /** Number of pairs. */
  readonly n: number;
  /** Mean of a − b. */
  readonly meanDifference: number;
  /** Mean difference over its standard error; ±Number.MAX_VALUE stands for ±∞ (see pairedTTest). */
  readonly t: number;
  /** Degrees of freedom, n − 1. */
  readonly df: number;
  /** Two-sided p-value. */
  readonly p: number;
  /** 95 % confidence interval of the mean difference. */
  readonly ci95: [number, number];
  /** Mean difference over the standard deviation of the differences; ±Number.MAX_VALUE stands for ±∞. */
  readonly cohensDz: number;
  /** Whose losses are lower when p < 0.05, else 'neither'. */
  readonly better: Better;
}

/**
 * Two-sided paired t-test of the hypothesis that two models have the same mean loss: t = d̄ / (s_d / √n) with
 * d = a − b and n − 1 degrees of freedom (Student 1908), the same as scipy.stats.ttest_rel and R's
 * t.test(paired = TRUE). Effect size d_z = d̄ / s_d (Cohen 1988).
 *
 * Differences without variance: when all are 0, t = 0, p = 1 and neither is better; when all are the same other
 * number, t and d_z are infinite, p = 0 and the interval is that number. R's criterion decides: the standard error is
 * below ten rounding errors of the mean.
 *
 * @param a losses of the first model, one an example
 * @param b losses of the second model on the same examples in the same order
 * @throws AdvError USAGE when the lengths differ, there are fewer than 2 pairs or a value is not finite
 */
export function pairedTTest(a: ArrayLike<number>, b: ArrayLike<number>): PairedTTest {
  const differences = pairDifferences('a paired t-test', a, b);
  const n = differences.length;
  const df = n - 1;
  const meanDifference = mean(differences);
  const deviation = Math.sqrt(differences.reduce((sum, d) => sum + (d - meanDifference) ** 2, 0) / df);
  const standardError = deviation / Math.sqrt(n);
  if (!Number.isFinite(standardError)) {
    throw new AdvError('USAGE', 'the differences are too large: their variance is not a finite number');
  }
  if (standardError < 10 * Number.EPSILON * Math.abs(meanDifference) || standardError === 0) {
    return withoutVariance(n, meanDifference);
  }
  const t = meanDifference / standardError;
  const p = twoSidedP(t, df);
  const margin = studentQuantile(0.975, df) * standardError;
  return {
    n,
    meanDifference,
    t,
    df,
    p,
    ci95: [meanDifference - margin, meanDifference + margin],
    cohensDz: meanDifference / deviation,
    better: betterOf(meanDifference, p),
  };
}

function withoutVariance(n: number, meanDifference: number): PairedTTest {
  const infinite = meanDifference === 0 ? 0 : Math.sign(meanDifference) * Number.MAX_VALUE;
  const p = meanDifference === 0 ? 1 : 0;
  return {
    n,
    meanDifference,
    t: infinite,
    df: n - 1,
    p,
    ci95: [meanDifference, meanDifference],
    cohensDz: infinite,
    better: betterOf(meanDifference, p),
  };
}
