/**
 * P(|T| ≥ |t|) for Student's t, by the regularised incomplete beta function: I_x(df/2, 1/2) with x = df/(df + t²)
 * (Abramowitz & Stegun 1964, 26.5.27). There is no 1 − cdf in the tail, so p keeps its digits down to 1e-300.
 *
 * @param t any finite number
 * @param df degrees of freedom, an integer of at least 1
 * @param ratio gammaRatio(df), where it is known already
 * @returns p in [0, 1], within 1e-9 of its value
 */
export function twoSidedP(t: number, df: number, ratio = gammaRatio(df)): number {
  const square = t * t;
  const x = df / (df + square);
  const y = 1 / (1 + df / square);
  const factor = betaFactor(t, df, ratio);
  // The side on which the fraction converges fast (DLMF 8.17(v)); p is at least 0.08 where it is subtracted.
  const central = y * (df + 5) < 3;
  if (central) return 1 - (factor / 0.5) * betaFraction(y, 0.5, df / 2);
  return (factor / (df / 2)) * betaFraction(x, df / 2, 0.5);
}

/**
 * The t that Student's distribution stays below with a given probability, by bisection of twoSidedP.
 *
 * @param probability in (0, 1)
 * @param df degrees of freedom, an integer of at least 1
 */
export function studentQuantile(probability: number, df: number): number {
  if (probability < 0.5) return -studentQuantile(1 - probability, df);
  return criticalT(2 * (1 - probability), df);
}

/**
 * The t that |T| reaches with a given probability: where twoSidedP is that, by bisection.
 *
 * @param p in (0, 1]
 * @param df degrees of freedom, an integer of at least 1
 */
export function criticalT(p: number, df: number): number {
  const ratio = gammaRatio(df);
  let above = 1;
  while (twoSidedP(above, df, ratio) > p) above *= 2;
  let below = 0;
  for (;;) {
    const middle = (below + above) / 2;
    if (!(below < middle && middle < above)) return middle;
    if (twoSidedP(middle, df, ratio) > p) below = middle;
    else above = middle;
  }
}

/** x^(df/2)·y^(1/2) / B(df/2, 1/2) with x = df/(df + t²) and y = 1 − x, by logarithms that keep their digits where x or y is near 1. */
export function betaFactor(t: number, df: number, ratio = gammaRatio(df)): number {
  const square = t * t;
  const power = Math.exp(-(df * Math.log1p(square / df) + Math.log1p(df / square)) / 2);
  return (power * ratio) / Math.sqrt(Math.PI);
}

/** Γ((df + 1)/2) / Γ(df/2), from that of 1 or 2 degrees of freedom by Γ(z + 1) = z·Γ(z). */
function gammaRatio(df: number): number {
  const odd = df % 2 === 1;
  let ratio = odd ? 1 / Math.sqrt(Math.PI) : Math.sqrt(Math.PI) / 2;
  for (let from = odd ? 1 : 2; from < df; from += 2) ratio *= (from + 1) / from;
  return ratio;
}

/**
 * I_x(a, b) over x^a·(1 − x)^b / (a·B(a, b)), a continued fraction (DLMF 8.17.22) by the modified method of Lentz (Thompson
 * and Barnett 1986).
 */
function betaFraction(x: number, a: number, b: number): number {
  let fraction = 1;
  let numerators = 1;
  let denominators = 0;
  for (let step = 1, change = 0; Math.abs(change - 1) > 1e-15; step++) {
    const coefficient = fractionCoefficient(step, x, a, b);
    numerators = 1 + coefficient / numerators;
    denominators = 1 / (1 + coefficient * denominators);
    change = numerators * denominators;
    fraction *= change;
  }
  return 1 / fraction;
}

function fractionCoefficient(step: number, x: number, a: number, b: number): number {
  const m = Math.floor(step / 2);
  const place = a + 2 * m;
  if (step % 2 === 0) return (m * (b - m) * x) / ((place - 1) * place);
  return (-(a + m) * (a + b + m) * x) / (place * (place + 1));
}
