import type { AnalysedCell, AnalysedRow, StudyAnalysis } from '../../study/analysis/study-analysis.js';
import { forestChart, type ForestLine } from '../charts/forest.js';
import { numberCell, type Cell, type Section, type TableRow } from '../document/document.js';
import { count, pValue } from '../format.js';
import { cautionText, cellOf, measuredRows, rowTitle } from './names.js';
import { clearDirection } from './opening.js';

const direction = 'Left of 0: smaller test loss than vanilla.';

/** How far every column is from vanilla. */
export function differenceSection(analysis: StudyAnalysis): Section | undefined {
  const rows = measuredRows(analysis);
  const lines = rows.flatMap((row) => forestLines(row, rowTitle(row, analysis)));
  if (lines.length === 0) return undefined;
  const caution = cautionText(rows);
  return {
    heading: 'Differences from vanilla',
    blocks: [
      {
        kind: 'chart',
        chart: forestChart(lines, {
          caption:
            `Difference of the mean test loss from vanilla’s, as a share of vanilla’s. ${direction} Lines are 95% intervals over seeds and examples together (hierarchical ` +
            `bootstrap). Filled points differ clearly over seeds (paired t-test, Holm’s correction over the study, p < 0.05): dark dots towards smaller, squares towards larger losses.${caution}`,
          axis: {
            wide: '← smaller test loss than vanilla | larger →',
            narrow: '← smaller loss | larger →',
          },
        }),
      },
      {
        kind: 'table',
        table: {
          name: 'Differences of the test loss from vanilla',
          caption:
            'Column’s mean test loss minus vanilla’s: below 0 the column is better. p of the paired t-test over seeds, the same after Holm’s correction, p of the permutation test; ' +
            'ε min of almost stochastic order: below 0.5 the column is almost stochastically better; d_z: mean difference over its standard deviation; seeds that would find such a ' +
            `difference with 80% power.${caution}`,
          header: [
            '',
            'difference',
            '95% from',
            '95% to',
            'p',
            'p (Holm)',
            'p (permutation)',
            'ε min',
            'd_z',
            'seeds needed',
          ],
          rows: rows.flatMap((row) => differenceRows(row, rowTitle(row, analysis))),
          kind: 'numbers',
        },
      },
    ],
  };
}

function forestLines(row: AnalysedRow, title: string): ForestLine[] {
  const vanilla = cellOf(row, 'vanilla')?.loss.mean;
  return row.cells.flatMap((cell) => {
    const { fromVanilla, column } = cell;
    if (fromVanilla === null || vanilla === undefined || vanilla === 0) return [];
    const [low, high] = fromVanilla.ci95;
    return [
      {
        ...{ row: title, column, direction: clearDirection(cell) },
        middle: fromVanilla.difference / vanilla,
        low: low / vanilla,
        high: high / vanilla,
      },
    ];
  });
}

function differenceRows(row: AnalysedRow, title: string): TableRow[] {
  const compared = row.cells.filter(({ fromVanilla }) => fromVanilla !== null);
  return compared.map((cell, place) => ({
    name: `${title}: ${cell.column}`,
    cells: numbersOf(cell),
    divided: place === 0,
  }));
}

/** A signed difference. */
export const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;

function numbersOf(cell: AnalysedCell): Cell[] {
  const { difference, ci95, overSeeds } = cell.fromVanilla ?? {
    difference: 0,
    ci95: [0, 0],
    overSeeds: null,
  };
  return [
    numberCell(difference, signed, { strong: clearDirection(cell) !== undefined }),
    numberCell(ci95[0], signed),
    numberCell(ci95[1], signed),
    numberCell(overSeeds?.p, pValue),
    numberCell(overSeeds?.pHolm, pValue),
    numberCell(overSeeds?.pPermutation, pValue),
    numberCell(overSeeds?.asoEpsilonMin, (value) => value.toFixed(2)),
    numberCell(overSeeds?.dz, (value) => value.toFixed(2).replace('-', '−')),
    numberCell(overSeeds?.seedsNeeded, count),
  ];
}
