import { compiled, incbet, stdtri } from 'cephes';

await compiled;

/**
 * P(|T| ≥ |t|) for Student's t, by the regularised incomplete beta function: I_x(df/2, 1/2) with x = df/(df + t²)
 * (Abramowitz & Stegun 1964, 26.5.27). There is no 1 − cdf in the tail, so p keeps its digits down to 1e-300.
 *
 * @param t any finite number
 * @param df degrees of freedom, an integer of at least 1
 * @returns p in [0, 1], within 1e-9 of its value
 */
export function twoSidedP(t: number, df: number): number {
  const square = t * t;
  // Near 0 it is x that would lose t's digits; p is at least 0.3 there, so subtracting from 1 costs none.
  if (square < 1) return 1 - incbet(0.5, df / 2, square / (df + square));
  return incbet(df / 2, 0.5, df / (df + square));
}

/**
 * The t that Student's distribution stays below with a given probability.
 *
 * @param probability in (0, 1)
 * @param df degrees of freedom, an integer of at least 1
 */
export function studentQuantile(probability: number, df: number): number {
  return stdtri(df, probability);
}
