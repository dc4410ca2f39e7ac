import { AdvError } from '../base/errors.js';
import { checkOptions } from '../base/check-options.js';
import type { OptionsOf } from '../base/option.js';
import { integer, number } from '../base/rules.js';
import { shownValue } from '../base/shown.js';
import { betaFactor, criticalT } from './student-t.js';

const share = number('a number above 0 and below 1', (value) => value > 0 && value < 1);

const powerOptions = {
  /** The p below which the test is to say that the two differ, default 0.05; divide it by the number of tests where Holm corrects. */
  alpha: {
    flag: 'alpha',
    rule: number('a number from 0.0001 to 0.5', (value) => value >= 1e-4 && value <= 0.5),
  },
  /** How likely the test is to say so, default 0.8. */
  power: { flag: 'power', rule: share },
  /** The most seeds that are looked at, default 1,000,000. */
  most: { flag: 'most', rule: integer(2, 1_000_000) },
} as const;

/** What seedsForPower() takes. */
export interface PowerOptions extends OptionsOf<typeof powerOptions> {}

/** Larger effects count as this one: two or three pairs tell them anyway. */
const largestEffect = 100;

/**
 * How many seeds a two-sided paired t-test needs to find an effect: the smallest number of pairs with which it has the power asked for,
 * by the noncentral t distribution (Cohen 1988, 2.4). The same as the solution of statsmodels' TTestPower, rounded up.
 *
 * The d_z of a few seeds is a rough guess of the effect, too large on average: more seeds than follow from it may be needed.
 *
 * @param cohensDz mean difference of the pairs over the standard deviation of their differences, of any sign; beyond ±100 it counts as 100
 * @returns at least 2; null when not even `most` seeds would do, as with an effect of 0
 * @throws AdvError USAGE when the effect is no finite number or an option is out of its range
 */
export function seedsForPower(cohensDz: number, options: PowerOptions = {}): number | null {
  checkEffect(cohensDz);
  checkOptions(options, powerOptions);
  const { alpha = 0.05, power = 0.8, most = 1_000_000 } = options;
  const reaches = (pairs: number): boolean => pairedTPower(cohensDz, pairs, alpha) >= power;
  let enough = 2;
  while (!reaches(enough)) {
    if (enough === most) return null;
    enough = Math.min(2 * enough, most);
  }
  let few = Math.max(1, Math.floor(enough / 2));
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (reaches(middle)) enough = middle;
    else few = middle;
  }
  return enough;
}

/**
 * How likely a two-sided paired t-test is to find an effect, the same as statsmodels' TTestPower().power.
 *
 * A squared noncentral t over itself plus df is a mixture of beta distributions with the weights of a Poisson distribution (Johnson,
 * Kotz and Balakrishnan 1995, chapters 30 and 31): P(|T| ≥ c) = Σ Poisson(j; δ²/2)·(1 − I_y(a, df/2)) over j ≥ 0, with a = j + 1/2,
 * y = c²/(df + c²) and δ = d_z·√n. With j = 0 the tail is α itself, and from one j to the next it grows by
 * y^a·(1 − y)^(df/2) / (a·B(a, df/2)) (DLMF 8.17.20): only positive numbers are added.
 *
 * @param cohensDz any finite number; beyond ±100 it counts as 100
 * @param pairs an integer from 2 to 10,000,000
 * @param alpha the p below which the test says that the two differ, in [0.0001, 0.5]
 * @returns in [alpha, 1], up to rounding
 * @throws AdvError USAGE when a number is out of its range
 */
export function pairedTPower(cohensDz: number, pairs: number, alpha = 0.05): number {
  checkEffect(cohensDz);
  checkOptions(
    { pairs, alpha },
    { pairs: { flag: 'pairs', rule: integer(2, 10_000_000) }, alpha: powerOptions.alpha },
  );
  const centre = (Math.min(Math.abs(cohensDz), largestEffect) ** 2 * pairs) / 2;
  const nextTail = betaTails(pairs - 1, alpha);
  // What lies further below the mean of the Poisson distribution has less than 1e-30 of the weights.
  const first = Math.max(0, Math.floor(centre - 12 * Math.sqrt(centre)));
  for (let j = 0, before = 0; j < first; j++) {
    const tail = nextTail();
    if (tail === before) return Math.min(tail, 1);
    before = tail;
  }
  let [weights, weighted] = [0, 0];
  for (let j = first, weight = 1; j <= centre || weight > 1e-20 * weights; weight *= centre / ++j) {
    weights += weight;
    weighted += weight * nextTail();
  }
  return Math.min(weighted / weights, 1);
}

/** Gives 1 − I_y(a, df/2) for a = 1/2, 3/2 … one after the other, where y is at the two-sided critical value. */
function betaTails(df: number, alpha: number): () => number {
  const critical = criticalT(alpha, df);
  const y = 1 / (1 + df / critical ** 2);
  let [tail, step, a] = [alpha, betaFactor(critical, df) / 0.5, 0.5];
  return () => {
    const current = tail;
    tail += step;
    step *= (y * (a + df / 2)) / (a + 1);
    a += 1;
    return current;
  };
}

function checkEffect(cohensDz: number): void {
  if (Number.isFinite(cohensDz)) return;
  throw new AdvError(
    'USAGE',
    `power expects an effect d_z that is a finite number, got ${shownValue(cohensDz)}`,
  );
}
