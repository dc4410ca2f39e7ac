import type { Distribution } from '../../statistics/distribution.js';

/** Quartile ranges beyond the quartiles where Tukey's "far out" begins (Exploratory Data Analysis, 1977). */
const farOut = 3;

/** Least factor between a quartile and its fence, for data whose texts are nearly all of one length. */
const leastFactor = 2;

/** Lengths that are not extreme. */
export interface LengthFences {
  readonly shortest: number;
  readonly longest: number;
}

/**
 * Fences for lengths, which are skewed, on a logarithmic scale: three quartile ranges beyond the quartiles of ln(length),
 * at least a factor of two.
 *
 * @param quantiles of lengths in code points
 */
export function lengthFences({ p25, p75 }: Distribution['quantiles']): LengthFences {
  const [low, high] = [Math.max(p25, 1), Math.max(p75, 1)];
  const factor = Math.max((high / low) ** farOut, leastFactor);
  return { shortest: low / factor, longest: high * factor };
}
