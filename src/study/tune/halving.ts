/** Of so many trials of a rung one goes on. */
export const eta = 3;

/** Shares of all epochs after which trials are compared: one in so many. */
const shares = [3, 1] as const;

/**
 * The rungs of successive halving (Jamieson and Talwalkar 2016): after each of these shares of its epochs, 1 / divisor, a trial is compared
 * with the others. The first is a third, but no less than an epoch: after less, options that regularise look worse than they are, against
 * which Hyperband (Li et al. 2018) spends most of its brackets; what both came to is in docs/decisions/tune.md.
 */
export function divisorsOf(epochs: number): readonly number[] {
  return shares.filter((divisor) => divisor <= epochs);
}

/** How many trials of a rung go on to the next. */
export const promotedOf = (trials: number): number => Math.ceil(trials / eta);

/** What a round of so many trials costs, in whole trainings. */
export function roundCost(trials: number, divisors: readonly number[]): number {
  let cost = 0;
  let left = trials;
  divisors.forEach((divisor, rung) => {
    const before = divisors[rung - 1];
    cost += left * (1 / divisor - (before === undefined ? 0 : 1 / before));
    left = promotedOf(left);
  });
  return cost;
}

/**
 * The largest round that costs no more than so many whole trainings.
 *
 * @returns its trials, at most 10,000; 0 where none is so cheap
 */
export function largestRound(trainings: number, divisors: readonly number[]): number {
  let trials = 0;
  while (trials < 10_000 && roundCost(trials + 1, divisors) <= trainings) trials += 1;
  return trials;
}

/**
 * Those of a rung that go on: the ones with the least loss, of equal ones the earlier.
 *
 * @param lossOf Infinity for a trial that failed; such a one goes on only where all others of its place did
 */
export function promoted<Trial>(trials: readonly Trial[], lossOf: (trial: Trial) => number): Trial[] {
  return trials
    .toSorted((one, other) => compare(lossOf(one), lossOf(other)))
    .slice(0, promotedOf(trials.length));
}

/** Differences of infinities are no numbers. */
export const compare = (one: number, other: number): number => (one === other ? 0 : one < other ? -1 : 1);
