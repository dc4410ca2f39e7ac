import { stringify } from 'csv-stringify/sync';
import type { Watch } from '../base/events.js';
import { almostStochasticOrder } from '../statistics/almost-stochastic-order.js';
import type { SeedLosses } from '../statistics/arms.js';
import { hierarchicalBootstrap } from '../statistics/hierarchical-bootstrap.js';
import { holm } from '../statistics/holm.js';
import { meanInterval } from '../statistics/mean-interval.js';
import { pairedTTest } from '../statistics/paired-t-test.js';
import { pairedPermutationTest } from '../statistics/permutation-test.js';
import { seedsForPower } from '../statistics/power.js';
import { readLosses } from '../training/loss-file.js';
import { runPaths } from '../training/run-paths.js';
import type { TestSummary } from '../training/run-record.js';
import { paperColumns, paperRows, type PaperFigure } from './paper-rows.js';
import type { PlannedRun } from './plan.js';
import type { StudyFolder } from './study-folder.js';

/** The column with which the others are compared. */
const reference = 'vanilla';

/**
 * The columns of summary.csv. Means over seeds have 95 % intervals of Student's t; differences are of the mean test loss, the column's minus
 * vanilla's: below 0 where the column is better. Their interval is of seeds and examples together, p of the paired t-test and of the
 * permutation test over seeds, pHolm the first one corrected over all cells; asoEpsilonMin below 0.5 says that the column is almost
 * stochastically better than vanilla; dz is the mean difference over its standard deviation, seedsNeeded how many seeds would find such a
 * one. paperScore is what the paper's measure of the row is.
 */
const columns = [
  ...['row', 'column', 'size', 'seeds', 'loss', 'lossLow', 'lossHigh'],
  ...['accuracy', 'accuracyLow', 'accuracyHigh', 'macroF1', 'macroF1Low', 'macroF1High'],
  ...['difference', 'differenceLow', 'differenceHigh', 'p', 'pPermutation', 'pHolm'],
  ...['asoEpsilonMin', 'dz', 'seedsNeeded', 'measure', 'paperScore', 'paperLoss'],
];

type Cell = Record<string, string | number | undefined | null>;

/** What the finished runs of a row, column and size reached. */
interface CellRuns {
  readonly row: string;
  readonly column: string;
  readonly size: string;
  readonly done: readonly { readonly run: PlannedRun; readonly test: TestSummary }[];
}

/**
 * summary.csv of a study: a line for each row, column and size that has a finished run, in the plan's order.
 *
 * @throws AdvError RUN_DIRECTORY and DATA_MALFORMED when a run is damaged, INTERRUPTED
 */
export async function studySummary(
  folder: StudyFolder,
  runs: readonly PlannedRun[],
  watch: Watch = {},
): Promise<string> {
  const cells = await cellsOf(folder, runs);
  const lines: Cell[] = [];
  // Those of vanilla, with which several columns are compared.
  const losses = new Map<CellRuns, SeedLosses[]>();
  for (const cell of cells) {
    const other = cells.find(
      ({ row, size, column }) => row === cell.row && size === cell.size && column === reference,
    );
    let compared: Cell = {};
    if (other !== undefined && other !== cell) {
      const ofVanilla = losses.get(other) ?? (await lossesOf(folder, other, watch));
      losses.set(other, ofVanilla);
      const ofCell = await lossesOf(folder, cell, watch);
      const { bMinusA, ci95 } = await hierarchicalBootstrap(ofVanilla, ofCell, {}, watch);
      const over = { difference: bMinusA, differenceLow: ci95[0], differenceHigh: ci95[1] };
      compared = { ...over, ...comparisonOverSeeds(other, cell) };
    }
    lines.push({ ...meansOf(cell), ...compared, ...paperFigureOf(cell) });
  }
  return stringify(correctedOver(lines), { header: true, columns });
}

async function cellsOf(folder: StudyFolder, runs: readonly PlannedRun[]): Promise<CellRuns[]> {
  const cells = new Map<string, CellRuns & { done: { run: PlannedRun; test: TestSummary }[] }>();
  for (const run of runs) {
    const state = await folder.stateOf(run);
    const test = state.status === 'done' ? state.record.result?.test : undefined;
    if (test == null) continue;
    const { row, column, size } = run;
    const key = [row, column, size].join('/');
    const cell = cells.get(key) ?? { row, column, size, done: [] };
    cell.done.push({ run, test });
    cells.set(key, cell);
  }
  return [...cells.values()];
}

function meansOf({ row, column, size, done }: CellRuns): Cell {
  const line: Cell = { row, column, size, seeds: done.length };
  for (const name of ['loss', 'accuracy', 'macroF1'] as const) {
    const { mean, ci95 } = meanInterval(done.map(({ test }) => test[name]));
    Object.assign(line, { [name]: mean, [`${name}Low`]: ci95?.[0], [`${name}High`]: ci95?.[1] });
  }
  return line;
}

/** How the mean test losses of a cell differ from those of vanilla, over the seeds that both have. */
function comparisonOverSeeds(vanilla: CellRuns, cell: CellRuns): Cell {
  const pairs = cell.done.flatMap(({ run: { seed }, test }) => {
    const same = vanilla.done.find(({ run }) => run.seed === seed);
    return same === undefined ? [] : [{ column: test.loss, vanilla: same.test.loss }];
  });
  if (pairs.length < 2) return {};
  const [ofColumn, ofVanilla] = [pairs.map(({ column }) => column), pairs.map((pair) => pair.vanilla)];
  const { p, cohensDz } = pairedTTest(ofColumn, ofVanilla);
  return {
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
    const { rows } = await readLosses(path, { run: folder.runPath(run), expected: test.n, signal });
    arm.push({ seed: run.seed, losses: Float64Array.from(rows, ({ loss }) => loss) });
  }
  return arm;
}

/** Holm's correction over all cells that were compared. */
function correctedOver(lines: readonly Cell[]): Cell[] {
  const compared = lines.filter(({ p }) => typeof p === 'number');
  const corrected = holm(compared.map(({ p }) => p as number));
  return lines.map((line) => ({ ...line, pHolm: corrected[compared.indexOf(line)] }));
}

/** The paper's big models stand in its table. */
function paperFigureOf({ row, column, size }: CellRuns): Cell {
  const told = paperRows.find(({ name }) => name === row);
  const place = (paperColumns as readonly string[]).indexOf(column);
  const figure: PaperFigure | undefined = size === 'big' ? told?.figures?.[place] : undefined;
  return { measure: told?.measure, paperScore: figure?.score, paperLoss: figure?.loss };
}
