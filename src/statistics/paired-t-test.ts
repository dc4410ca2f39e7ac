import { AdvError } from '../base/errors.js';
import { studentQuantile, twoSidedP } from './student-t.js';

/** Below this p the two models are said to differ (Bělohlávek et al. 2018). */
const significance = 0.05;

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
  readonly better: 'a' | 'b' | 'neither';
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
  const differences = pairDifferences(a, b);
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

function pairDifferences(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  if (a.length !== b.length) {
    throw new AdvError(
      'USAGE',
      `a paired t-test expects as many values of a as of b, got ${a.length} and ${b.length}`,
      'Test both models on the same examples.',
    );
  }
  if (a.length < 2) {
    throw new AdvError(
      'USAGE',
      `a paired t-test expects at least 2 pairs, got ${a.length}`,
      'Test both models on more examples.',
    );
  }
  return Float64Array.from({ length: a.length }, (_, place) => {
    const difference = finiteAt(a, place, 'a') - finiteAt(b, place, 'b');
    if (Number.isFinite(difference)) return difference;
    throw new AdvError('USAGE', `a[${place}] − b[${place}] is too large for a number`);
  });
}

function finiteAt(values: ArrayLike<number>, place: number, name: string): number {
  const value = values[place];
  if (value !== undefined && Number.isFinite(value)) return value;
  throw new AdvError(
    'USAGE',
    `a paired t-test expects finite numbers, got ${String(value)} at ${name}[${place}]`,
  );
}

/** The mean in two passes: the second takes out what rounding left in the first. */
function mean(values: Float64Array): number {
  const first = values.reduce((sum, value) => sum + value, 0) / values.length;
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
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

function betterOf(meanDifference: number, p: number): 'a' | 'b' | 'neither' {
  if (!(p < significance)) return 'neither';
  return meanDifference < 0 ? 'a' : 'b';
}
