import { rowOfPaper } from '../paper-rows.js';
import type { RowEffect } from './evidence.js';
import type { AnalysedCell, AnalysedRow, SeedResult } from './study-analysis.js';

/** What two runs of one seed, of two columns of a row, differ by. */
export type SeedEffect = (column: SeedResult, other: SeedResult, row: AnalysedRow) => number;

/** How much lower the test loss of a column is, as a share of the other's. */
export const lossRatio: SeedEffect = (column, other) => column.loss / other.loss - 1;

/**
 * The same as a share of what answers that never read the text lose: comparable between data of which one is solved and its losses are near 0.
 * NaN where that is not known.
 */
export const lossShare: SeedEffect = (column, other, { data }) =>
  (column.loss - other.loss) / (data?.priorLoss ?? Number.NaN);

/** How much smaller the gap between validation and training loss after the last epoch is. */
export const gapDifference: SeedEffect = (column, other) => column.gapAtLast - other.gapAtLast;

/**
 * The effect of one column against another in a row, over the seeds that both have; undefined where there is none, and where neither
 * column has learnt anything: models that have not learnt cannot be regularised; undefined too where the effect is not finite.
 */
export function rowEffect(
  row: AnalysedRow,
  [column, other]: readonly [string, string],
  effect: SeedEffect,
): RowEffect | undefined {
  const [ofColumn, ofOther] = [column, other].map((name) => row.cells.find((cell) => cell.column === name));
  if (ofColumn === undefined || ofOther === undefined) return undefined;
  if (![ofColumn, ofOther].some(({ learnt }) => learnt.learnt > 0)) return undefined;
  const bySeed = pairsOf(ofColumn, ofOther).map(([one, fellow]) => effect(one, fellow, row));
  if (bySeed.length === 0 || !bySeed.every(Number.isFinite)) return undefined;
  return { row: row.row, size: row.size, bySeed };
}

function pairsOf(column: AnalysedCell, other: AnalysedCell): (readonly [SeedResult, SeedResult])[] {
  return column.results.flatMap((one) => {
    const fellow = other.results.find(({ seed }) => seed === one.seed);
    return fellow === undefined ? [] : [[one, fellow] as const];
  });
}

/** A row of the paper's table, with its big model. */
export function isOfPaper({ row, size }: AnalysedRow): boolean {
  return size === 'big' && rowOfPaper(row)?.figures !== undefined;
}

/** Rows of the same data, such as all of bAbI 1 whatever the number of its questions. */
export function dataFamily({ data }: AnalysedRow): string | undefined {
  return data?.dataset.replace(/-10k$/u, '');
}

/** Whether two rows have the same data, cell and loss, and so differ by their size or by what a study calls them. */
export function isSameBut(
  difference: 'size' | 'cell' | 'loss',
  one: AnalysedRow,
  other: AnalysedRow,
): boolean {
  const facts = (row: AnalysedRow): string =>
    JSON.stringify([
      ...[row.data?.dataset, row.data?.level, row.data?.examples.train],
      ...(['size', 'cell', 'loss'] as const).filter((name) => name !== difference).map((name) => row[name]),
    ]);
  return one[difference] !== other[difference] && facts(one) === facts(other);
}
