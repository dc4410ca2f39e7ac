import { stringify } from 'csv-stringify/sync';
import type { AnalysedCell, AnalysedRow, StudyAnalysis } from './analysis/study-analysis.js';
import { rowOfPaper } from './paper-rows.js';

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

/** summary.csv of a study: a line for each row, column and size that has a finished run. */
export function studySummary({ rows }: Pick<StudyAnalysis, 'rows'>): StudySummary {
  const cells = rows.flatMap((row) => row.cells.map((cell) => ({ row, cell })));
  const lines = cells.map(({ row, cell }) => ({
    // The comparison's number of seeds is that of both columns.
    ...comparisonOf(cell),
    ...meansOf(row, cell),
    ...paperOf(row, cell),
  }));
  const csv = stringify(lines, { header: true, columns });
  return { csv, cells: cells.map(({ row, cell }) => summaryOf(row, cell)) };
}

function summaryOf({ row, size }: AnalysedRow, cell: AnalysedCell): CellSummary {
  const { column, seeds, loss, accuracy, macroF1, fromVanilla } = cell;
  const { difference = null, ci95 = null, overSeeds = null } = fromVanilla ?? {};
  return {
    ...{ row, column, size, seeds: seeds.length },
    ...{ loss: loss.mean, accuracy: accuracy.mean, macroF1: macroF1.mean },
    ...{ difference, ci95, pHolm: overSeeds?.pHolm ?? null },
  };
}

function meansOf({ row, size }: AnalysedRow, cell: AnalysedCell): Line {
  const line: Line = { row, column: cell.column, size, seeds: cell.seeds.length };
  for (const name of ['loss', 'accuracy', 'macroF1'] as const) {
    const { mean, ci95 } = cell[name];
    Object.assign(line, { [name]: mean, [`${name}Low`]: ci95?.[0], [`${name}High`]: ci95?.[1] });
  }
  return line;
}

function comparisonOf({ fromVanilla }: AnalysedCell): Line {
  if (fromVanilla === null) return {};
  const { difference, ci95, overSeeds } = fromVanilla;
  return { difference, differenceLow: ci95[0], differenceHigh: ci95[1], ...overSeeds };
}

/** The measure is the paper's own: rows that it lacks have none. */
function paperOf({ row }: AnalysedRow, { paper }: AnalysedCell): Line {
  return { measure: rowOfPaper(row)?.measure, paperScore: paper?.score, paperLoss: paper?.loss };
}
