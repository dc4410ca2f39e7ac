import type { Watch } from '../../base/events.js';
import { almostStochasticOrder } from '../../statistics/almost-stochastic-order.js';
import type { SeedLosses } from '../../statistics/arms.js';
import { hierarchicalBootstrap } from '../../statistics/hierarchical-bootstrap.js';
import { holm } from '../../statistics/holm.js';
import { pairedTTest } from '../../statistics/paired-t-test.js';
import { pairedPermutationTest } from '../../statistics/permutation-test.js';
import { seedsForPower } from '../../statistics/power.js';
import { readLosses } from '../../training/loss-file.js';
import { runPaths } from '../../training/run-paths.js';
import type { StudyFolder } from '../study-folder.js';
import { reference, type CellRuns } from './cells.js';

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

/**
 * Compares each cell with the one of vanilla in its row and size.
 *
 * @returns an entry for each cell that has one to be compared with
 * @throws AdvError RUN_DIRECTORY and DATA_MALFORMED when test losses are damaged, INTERRUPTED
 */
export async function compareWithVanilla(
  folder: StudyFolder,
  cells: readonly CellRuns[],
  watch: Watch = {},
): Promise<ReadonlyMap<CellRuns, FromVanilla>> {
  const compared = new Map<CellRuns, Omit<FromVanilla, 'overSeeds'> & { overSeeds: Uncorrected | null }>();
  // Those of vanilla, with which several columns are compared.
  const losses = new Map<CellRuns, SeedLosses[]>();
  for (const cell of cells) {
    const vanilla = cells.find(
      ({ row, size, column }) => row === cell.row && size === cell.size && column === reference,
    );
    if (vanilla === undefined || vanilla === cell) continue;
    const ofVanilla = losses.get(vanilla) ?? (await lossesOf(folder, vanilla, watch));
    losses.set(vanilla, ofVanilla);
    const ofCell = await lossesOf(folder, cell, watch);
    const { bMinusA, ci95 } = await hierarchicalBootstrap(ofVanilla, ofCell, {}, watch);
    compared.set(cell, { difference: bMinusA, ci95, overSeeds: testOverSeeds(vanilla, cell) });
  }
  return corrected(compared);
}

type Uncorrected = Omit<OverSeeds, 'pHolm'>;

/** How the mean test losses of a cell differ from those of vanilla, over the seeds that both have. */
function testOverSeeds(vanilla: CellRuns, cell: CellRuns): Uncorrected | null {
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

async function lossesOf(folder: StudyFolder, { done }: CellRuns, { signal }: Watch): Promise<SeedLosses[]> {
  const arm: SeedLosses[] = [];
  for (const { run, test } of done) {
    const path = runPaths(folder.runPath(run)).losses;
    const { rows } = await readLosses(path, { run: folder.runPath(run), expected: test, signal });
    arm.push({ seed: run.seed, losses: Float64Array.from(rows, ({ loss }) => loss) });
  }
  return arm;
}

/** Holm's correction over all cells that were tested. */
function corrected(
  compared: ReadonlyMap<CellRuns, Omit<FromVanilla, 'overSeeds'> & { overSeeds: Uncorrected | null }>,
): Map<CellRuns, FromVanilla> {
  const tested = [...compared.values()].flatMap(({ overSeeds }) => overSeeds ?? []);
  const ps = holm(tested.map(({ p }) => p));
  const entries = [...compared].map(([cell, { overSeeds, ...of }]): [CellRuns, FromVanilla] => {
    const pHolm = overSeeds === null ? Number.NaN : (ps[tested.indexOf(overSeeds)] ?? Number.NaN);
    return [cell, { ...of, overSeeds: overSeeds === null ? null : { ...overSeeds, pHolm } }];
  });
  return new Map(entries);
}
