import { at } from '../base/at.js';
import { checkOptions } from '../base/check-options.js';
import { AdvError } from '../base/errors.js';
import type { OptionsOf } from '../base/option.js';
import { Random } from '../base/random.js';
import { flag, integer, number } from '../base/rules.js';
import type { Better } from './better.js';
import { finiteValues } from './finite.js';
import { mean } from './mean.js';
import { normalQuantile } from './normal.js';
import { sum } from './sum.js';

const test = 'almost stochastic order';

const orderOptions = {
  /** Whether higher scores are better, such as accuracies; default false, as for losses. */
  higherIsBetter: { flag: 'higherIsBetter', rule: flag },
  /** How sure the bounds are, 0.5 to 0.999999, default 0.95; for m comparisons take 1 − 0.05/m. */
  confidence: {
    flag: 'confidence',
    rule: number('a number from 0.5 to 0.999999', (value) => value >= 0.5 && value <= 0.999999),
  },
  /** How often the scores are drawn to see how the ratio varies, 100 to 100,000, default 1,000. */
  resamples: { flag: 'resamples', rule: integer(100, 100_000) },
  /** Decides what is drawn, default 1. */
  seed: { flag: 'seed', rule: integer(0) },
} as const;

/** What almostStochasticOrder() takes. */
export interface StochasticOrderOptions extends OptionsOf<typeof orderOptions> {}

/** How far one of two models is from being better than the other at every quantile of its scores. */
export interface StochasticOrder {
  /**
   * The part of the squared distance between the two distributions on which a is worse than b, 0 to 1: 0 says that a is better at every
   * quantile, 1 that b is, 0.5 that neither is ahead.
   */
  readonly violationRatio: number;
  /** Standard deviation of that ratio over resamples. */
  readonly standardError: number;
  /** Upper bounds, with the confidence asked for, of the violation ratio of "a is better" and of "b is better". */
  readonly epsilonMin: { readonly a: number; readonly b: number };
  /** What was asked for, 0.95 by default. */
  readonly confidence: number;
  /** How often scores were drawn. */
  readonly resamples: number;
  /** Which of them is almost stochastically dominant: whose bound is below 0.5; else 'neither'. */
  readonly better: Better;
}

/**
 * Almost stochastic order of the scores of two models over seeds, which need not be paired nor normal (Dror, Shlomov and Reichart 2019,
 * "Deep dominance", after del Barrio, Cuesta-Albertos and Matrán 2018).
 *
 * With quantile functions F⁻¹ of a and G⁻¹ of b, where more is better, the violation ratio is ε = ∫ max(G⁻¹ − F⁻¹, 0)² / ∫ (G⁻¹ − F⁻¹)², and
 * ε_min = ε + z·σ, at least 0 and at most 1, with the standard deviation σ of ε over resamples of both lists and the normal quantile z of
 * the confidence. Below 0.5 one may say that a is better; Ulmer, Hardmeier and Frellsen (2022), whose package deep-significance is the
 * reference, advise to ask for 0.2. Where the two are the same, ε is 0.5.
 *
 * It differs from deep-significance 1.2 in that the integrals are exact sums over the steps of both functions, where that takes 199 points
 * and leaves the first one out of the numerator alone; and in that confidence for several comparisons is the caller's, by 1 − 0.05/m,
 * where that adds 0.05/m to 0.95.
 *
 * @param a scores of the first model, one a seed
 * @param b scores of the second one
 * @throws AdvError USAGE when there are fewer than 2 scores of either, one is not finite or an option is out of its range
 */
export function almostStochasticOrder(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: StochasticOrderOptions = {},
): StochasticOrder {
  checkOptions(options, orderOptions);
  const { higherIsBetter = false, confidence = 0.95, resamples = 1000, seed = 1 } = options;
  const [ofA, ofB] = [finiteValues(test, a, 'a', 2), finiteValues(test, b, 'b', 2)];
  requireSquares([...ofA, ...ofB]);
  const ratioOf = (scoresA: Float64Array, scoresB: Float64Array): number =>
    higherIsBetter ? shareAbove(scoresB, scoresA) : shareAbove(scoresA, scoresB);
  const ratio = ratioOf(ofA, ofB);
  const random = new Random(seed, 'almost stochastic order');
  const ratios = new Float64Array(resamples).map(() =>
    ratioOf(resampled(ofA, random), resampled(ofB, random)),
  );
  const centre = mean(ratios);
  const standardError = Math.sqrt(sum(ratios.map((each) => (each - centre) ** 2)) / resamples);
  const margin = normalQuantile(confidence) * standardError;
  const epsilonMin = { a: Math.min(ratio + margin, 1), b: Math.min(1 - ratio + margin, 1) };
  const better = epsilonMin.a < 0.5 ? 'a' : epsilonMin.b < 0.5 ? 'b' : 'neither';
  return { violationRatio: ratio, standardError, epsilonMin, confidence, resamples, better };
}

/** ∫ max(F⁻¹ − G⁻¹, 0)² / ∫ (F⁻¹ − G⁻¹)² with the quantile functions F⁻¹ of `upper` and G⁻¹ of `lower`, which go up in n and m steps. */
function shareAbove(upper: Float64Array, lower: Float64Array): number {
  const [f, g] = [upper.toSorted(), lower.toSorted()];
  let [above, all] = [0, 0];
  // Places on the unit interval are in units of 1/(n·m), which makes them integers.
  for (let i = 0, j = 0, from = 0; i < f.length && j < g.length;) {
    const [endOfF, endOfG] = [(i + 1) * g.length, (j + 1) * f.length];
    const to = Math.min(endOfF, endOfG);
    const difference = at(f, i) - at(g, j);
    const area = (to - from) * difference ** 2;
    all += area;
    if (difference > 0) above += area;
    if (to === endOfF) i += 1;
    if (to === endOfG) j += 1;
    from = to;
  }
  return all === 0 ? 0.5 : above / all;
}

const resampled = (scores: Float64Array, random: Random): Float64Array =>
  scores.map(() => at(scores, random.below(scores.length)));

function requireSquares(scores: readonly number[]): void {
  const largest = scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
  if (Number.isFinite((2 * largest * scores.length) ** 2)) return;
  throw new AdvError(
    'USAGE',
    `${test} expects smaller scores, whose squares are finite numbers, got ±${largest}`,
  );
}
