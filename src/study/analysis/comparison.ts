import { at } from '../../base/at.js';
import type { Watch } from '../../base/events.js';
import { almostStochasticOrder } from '../../statistics/almost-stochastic-order.js';
import type { SeedLosses } from '../../statistics/arms.js';
import { hierarchicalBootstrap } from '../../statistics/hierarchical-bootstrap.js';
import { holm } from '../../statistics/holm.js';
import { pairedTTest } from '../../statistics/paired-t-test.js';
import { pairedPermutationTest } from '../../statistics/permutation-test.js';
import { seedsForPower } from '../../statistics/power.js';
import type { CellRuns } from './cells.js';

/** How the test losses of a column differ from vanilla's; below 0 the column is better. */
export interface FromVanilla {
  /** Of the mean test losses, the column's minus vanilla's. */
  readonly difference: number;
  /** 95 % interval over seeds and examples together. */
  readonly ci95: readonly [number, number];
  /** Null where the two have fewer than two seeds in common. */
  readonly overSeeds: OverSeeds | null;
}

/** Tests of the mean test losses of seeds that both columns have. */
export interface OverSeeds {
  /** Seeds that both have. */
  readonly seeds: number;
  /** Of the paired t-test. */
  readonly p: number;
  /** That one corrected over all cells of the study that were compared (Holm 1979). */
  readonly pHolm: number;
  /** Of the permutation test over seeds. */
  readonly pPermutation: number;
  /** Below 0.5 the column is almost stochastically better than vanilla. */
  readonly asoEpsilonMin: number;
  /** The mean difference over its standard deviation. */
  readonly dz: number;
  /** How many seeds would find such a difference; null where none would. */
  readonly seedsNeeded: number | null;
}

/** A cell with the test losses of its runs. */
export interface CellLosses {
  readonly cell: CellRuns;
  readonly losses: readonly SeedLosses[];
}

/** A comparison before p-values are corrected over all of the study. */
export type Uncorrected = Omit<FromVanilla, 'overSeeds'> & {
  readonly overSeeds: Omit<OverSeeds, 'pHolm'> | null;
};

/**
 * Compares a cell with the one of vanilla in its row and size.
 *
 * @throws AdvError INTERRUPTED, USAGE when runs have different numbers of examples
 */
export async function compareCells(
  vanilla: CellLosses,
  column: CellLosses,
  watch: Watch = {},
): Promise<Uncorrected> {
  const { bMinusA, ci95 } = await hierarchicalBootstrap(vanilla.losses, column.losses, {}, watch);
  return { difference: bMinusA, ci95, overSeeds: testOverSeeds(vanilla.cell, column.cell) };
}

/** How the mean test losses of a cell differ from those of vanilla, over the seeds that both have. */
function testOverSeeds(vanilla: CellRuns, cell: CellRuns): Uncorrected['overSeeds'] {
  const pairs = cell.done.flatMap(({ run: { seed }, test }) => {
    const same = vanilla.done.find(({ run }) => run.seed === seed);
    return same === undefined ? [] : [{ column: test.loss, vanilla: same.test.loss }];
  });
  if (pairs.length < 2) return null;
  const [ofColumn, ofVanilla] = [pairs.map(({ column }) => column), pairs.map((pair) => pair.vanilla)];
  const { p, cohensDz } = pairedTTest(ofColumn, ofVanilla);
  return {
    seeds: pairs.length,
    p,
    pPermutation: pairedPermutationTest(ofColumn, ofVanilla).p,
    asoEpsilonMin: almostStochasticOrder(ofColumn, ofVanilla).epsilonMin.a,
    dz: cohensDz,
    seedsNeeded: seedsForPower(cohensDz),
  };
}

/** The same comparisons with Holm's correction over all of them that tested seeds. */
export function corrected(compared: readonly (Uncorrected | null)[]): (FromVanilla | null)[] {
  const ps = holm(compared.flatMap((one) => one?.overSeeds?.p ?? []));
  let tested = 0;
  return compared.map((one) => {
    if (one === null) return null;
    const { overSeeds } = one;
    return { ...one, overSeeds: overSeeds && { ...overSeeds, pHolm: at(ps, tested++) } };
  });
}
