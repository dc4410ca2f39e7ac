import { stringify } from 'csv-stringify/sync';
import type { Watch } from '../base/events.js';
import { meanInterval } from '../statistics/mean-interval.js';
import { cellsOf, lookAtRuns, type CellRuns } from './analysis/cells.js';
import { compareWithVanilla, type FromVanilla } from './analysis/comparison.js';
import { paperFigureOf, rowOfPaper } from './paper-rows.js';
import type { PlannedRun } from './plan.js';
import type { StudyFolder } from './study-folder.js';

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

type Line = Record<string, string | number | undefined | null>;

/** The means of a row, column and size over its seeds, and how its loss differs from vanilla's: below 0 the column is better. */
export interface CellSummary {
  readonly row: string;
  readonly column: string;
  readonly size: string;
  /** Number of finished runs. */
  readonly seeds: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly macroF1: number;
  /** Null for vanilla itself and where it has no finished run, as the next two; pHolm also for fewer than two seeds. */
  readonly difference: number | null;
  readonly ci95: readonly [number, number] | null;
  readonly pHolm: number | null;
}

/** summary.csv, and what of it is told at once. */
export interface StudySummary {
  readonly csv: string;
  readonly cells: readonly CellSummary[];
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
): Promise<StudySummary> {
  const cells = cellsOf(await lookAtRuns(folder, runs));
  const compared = await compareWithVanilla(folder, cells, watch);
  const lines = cells.map((cell) => ({
    // The comparison's number of seeds is that of both columns.
    ...comparisonOf(compared.get(cell)),
    ...meansOf(cell),
    ...paperOf(cell),
  }));
  const summarised = cells.map((cell) => summaryOf(cell, compared.get(cell)));
  return { csv: stringify(lines, { header: true, columns }), cells: summarised };
}

function summaryOf({ row, column, size, done }: CellRuns, compared: FromVanilla | undefined): CellSummary {
  const over = (name: 'loss' | 'accuracy' | 'macroF1'): number =>
    meanInterval(done.map(({ test }) => test[name])).mean;
  const { difference = null, ci95 = null, overSeeds = null } = compared ?? {};
  return {
    ...{ row, column, size, seeds: done.length },
    ...{ loss: over('loss'), accuracy: over('accuracy'), macroF1: over('macroF1') },
    ...{ difference, ci95, pHolm: overSeeds?.pHolm ?? null },
  };
}

function meansOf({ row, column, size, done }: CellRuns): Line {
  const line: Line = { row, column, size, seeds: done.length };
  for (const name of ['loss', 'accuracy', 'macroF1'] as const) {
    const { mean, ci95 } = meanInterval(done.map(({ test }) => test[name]));
    Object.assign(line, { [name]: mean, [`${name}Low`]: ci95?.[0], [`${name}High`]: ci95?.[1] });
  }
  return line;
}

function comparisonOf(compared: FromVanilla | undefined): Line {
  if (compared === undefined) return {};
  const { difference, ci95, overSeeds } = compared;
  return { difference, differenceLow: ci95[0], differenceHigh: ci95[1], ...overSeeds };
}

function paperOf(cell: CellRuns): Line {
  const figure = paperFigureOf(cell);
  return { measure: rowOfPaper(cell.row)?.measure, paperScore: figure?.score, paperLoss: figure?.loss };
}
