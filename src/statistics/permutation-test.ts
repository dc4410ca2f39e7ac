import { checkOptions } from '../base/check-options.js';
import { AdvError } from '../base/errors.js';
import type { OptionsOf } from '../base/option.js';
import { Random } from '../base/random.js';
import { integer } from '../base/rules.js';
import { betterOf, type Better } from './better.js';
import { finiteValues } from './finite.js';
import { mean } from './mean.js';
import { pairDifferences } from './pair-differences.js';
import { eachFlippedSum, randomlyFlippedSum } from './sign-flips.js';
import { eachSubsetSum, randomSubsetSum, subsetCount } from './subsets.js';
import { sum } from './sum.js';

const permutationOptions = {
  /** All permutations are looked at where there are no more than this, else so many random ones; default 65,536. */
  permutations: { flag: 'permutations', rule: integer(100, 2 ** 24) },
  /** Decides the random ones, default 1. */
  seed: { flag: 'seed', rule: integer(0) },
} as const;

/** What the permutation tests take. */
export interface PermutationOptions extends OptionsOf<typeof permutationOptions> {}

/** What a permutation test says about two models. Every number is finite, so that JSON keeps it. */
export interface PermutationTest {
  /** Mean of a − mean of b. */
  readonly meanDifference: number;
  /** Two-sided p-value, above 0. */
  readonly p: number;
  /** Whether all permutations were looked at, or random ones. */
  readonly method: 'exact' | 'monte-carlo';
  /** How many were looked at. */
  readonly permutations: number;
  /** Whose values, such as losses, are lower when p < 0.05, else 'neither'. */
  readonly better: Better;
}

const test = 'a permutation test';

/**
 * Permutation test of pairs, such as the losses of two recipes with the same seeds: were the two the same, each difference could as
 * well have the other sign (Fisher 1935). Two-sided p: twice the smaller of the shares of sign changes whose mean difference is at least,
 * and at most, the observed one; the same as scipy.stats.permutation_test with permutation_type='samples'. Random sign changes count the
 * observed one too: (b + 1)/(m + 1), so that p is never 0 (Phipson and Smyth 2010). n pairs cannot give a p below 2^(1 − n): at
 * least 6 are needed for p < 0.05.
 *
 * @param a of the first model, one a seed
 * @param b of the second model, with the same seeds in the same order
 * @throws AdvError USAGE when the lengths differ, there are fewer than 2 pairs, a value is not finite or an option is out of its range
 */
export function pairedPermutationTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: PermutationOptions = {},
): PermutationTest {
  const differences = pairDifferences(test, a, b);
  const permutations: Permutations = {
    count: 2 ** differences.length,
    each: (visit) => {
      eachFlippedSum(differences, visit);
    },
    random: (random) => randomlyFlippedSum(differences, random),
  };
  const rounding = roundingOf([...Array.from(a), ...Array.from(b)]);
  return judge(mean(differences), permutations, sum(differences), rounding, options);
}

/**
 * Permutation test of two groups that have nothing to do with each other, such as seeds of recipes that share none: were the two the
 * same, any values of both could as well be those of a (Fisher 1935, Pitman 1937). p as in pairedPermutationTest; the same as
 * scipy.stats.permutation_test with permutation_type='independent'.
 *
 * @param a values of the first model, at least 1
 * @param b values of the second model, at least 1
 * @throws AdvError USAGE when a group is empty, a value is not finite or an option is out of its range
 */
export function unpairedPermutationTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: PermutationOptions = {},
): PermutationTest {
  const [ofA, ofB] = [finiteValues(test, a, 'a', 1), finiteValues(test, b, 'b', 1)];
  const all = Float64Array.from([...ofA, ...ofB]);
  const rounding = roundingOf(all);
  // The sum of a's values decides their mean and b's; around the mean of all it has fewer digits to lose.
  const centre = mean(all);
  const values = all.map((value) => value - centre);
  const places = Int32Array.from(values.keys());
  const permutations: Permutations = {
    count: subsetCount(values.length, ofA.length),
    each: (visit) => {
      eachSubsetSum(values, ofA.length, visit);
    },
    random: (random) => randomSubsetSum(values, ofA.length, places, random),
  };
  const observed = sum(values.subarray(0, ofA.length));
  return judge(mean(ofA) - mean(ofB), permutations, observed, rounding, options);
}

/** The ways in which the values could as well have come, by the statistic that each gives. */
interface Permutations {
  readonly count: number;
  each(visit: (statistic: number) => void): void;
  random(random: Random): number;
}

function judge(
  meanDifference: number,
  ways: Permutations,
  observed: number,
  rounding: number,
  options: PermutationOptions,
): PermutationTest {
  checkOptions(options, permutationOptions);
  const { permutations: most = 65_536, seed = 1 } = options;
  let [atMost, atLeast] = [0, 0];
  const count = (statistic: number): void => {
    if (statistic <= observed + rounding) atMost += 1;
    if (statistic >= observed - rounding) atLeast += 1;
  };
  const exact = ways.count <= most;
  if (exact) ways.each(count);
  else {
    const random = new Random(seed, 'permutation test');
    count(observed);
    for (let drawn = 0; drawn < most; drawn++) count(ways.random(random));
  }
  const permutations = exact ? ways.count : most;
  const p = Math.min(1, (2 * Math.min(atMost, atLeast)) / (exact ? permutations : permutations + 1));
  const method = exact ? 'exact' : 'monte-carlo';
  return { meanDifference, p, method, permutations, better: betterOf(meanDifference, p) };
}

/** By how much sums of these values that are equal on paper can differ. */
function roundingOf(values: ArrayLike<number>): number {
  const rounding = Number.EPSILON * values.length * sum(Array.from(values, Math.abs));
  if (Number.isFinite(rounding)) return rounding;
  throw new AdvError('USAGE', `${test} expects smaller values, got such whose sum is not a finite number`);
}
