import type { AnalysedCell, AnalysedRow, StudyAnalysis } from '../../study/analysis/study-analysis.js';
import {
  numberCell,
  type Cell,
  type ReportTable,
  type Section,
  type TableRow,
} from '../document/document.js';
import { count, score, share } from '../format.js';
import { cautionText, cellOf, columnsOf, measuredRows, rowTitle } from './names.js';

/** Means over seeds beside the paper's figures, once the losses and once the scores. */
export function resultSection(analysis: StudyAnalysis): Section {
  const rows = measuredRows(analysis);
  const caution = cautionText(rows);
  const intervals =
    'Means over seeds ± half their 95% interval, below them the figures of the paper’s Table 1; the best column of a row is bold.';
  const learnt = '‡ Not every seed learnt something: it is in the table of what learnt.';
  return {
    heading: 'The table beside the paper’s',
    blocks: [
      {
        kind: 'table',
        table: tableOf(analysis, 'Test loss', {
          caption: `Mean test loss (cross-entropy in nats, or the squared error where a row says so); smaller is better. ${intervals} ${learnt}${caution}`,
          ours: ({ loss }) => loss,
          papers: (paper) => paper.loss.toFixed(3),
          format: score,
          best: Math.min,
        }),
      },
      {
        kind: 'table',
        table: tableOf(analysis, 'Test accuracy or macro F1', {
          caption: `Accuracy, or macro F1 where the row says so, as in the paper; larger is better. ${intervals}${caution}`,
          ours: (cell, row) => cell[row.measure],
          papers: (paper) => `${(100 * paper.score).toFixed(1)}%`,
          format: share,
          best: Math.max,
        }),
      },
    ],
  };
}

interface Told {
  readonly caption: string;
  readonly ours: (cell: AnalysedCell, row: AnalysedRow) => AnalysedCell['loss'];
  readonly papers: (paper: NonNullable<AnalysedCell['paper']>) => string;
  readonly format: (value: number) => string;
  readonly best: (...values: number[]) => number;
}

function tableOf(analysis: StudyAnalysis, name: string, told: Told): ReportTable {
  const rows = measuredRows(analysis);
  const columns = columnsOf(rows);
  return {
    ...{ name, caption: told.caption, kind: 'numbers' },
    header: ['', 'training texts', 'seeds', ...columns],
    rows: rows.map((row): TableRow => {
      const best = told.best(...row.cells.map((cell) => told.ours(cell, row).mean));
      return {
        name: titleOf(row, analysis),
        cells: [
          numberCell(row.data?.examples.train, count),
          seedsOf(row),
          ...columns.map((column) => resultCell(cellOf(row, column), row, told, best)),
        ],
      };
    }),
  };
}

function titleOf(row: AnalysedRow, analysis: StudyAnalysis): string {
  const special = [
    ...(row.measure === 'macroF1' ? ['F1'] : []),
    ...(row.cell === 'gru' ? [] : [row.cell.toUpperCase()]),
    ...(row.loss === 'squared' ? ['squared error'] : []),
  ];
  return `${rowTitle(row, analysis)}${special.length === 0 ? '' : ` (${special.join(', ')})`}`;
}

/** One number where all columns have as many. */
function seedsOf({ cells }: AnalysedRow): Cell {
  const counts = cells.map(({ seeds }) => seeds.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? { text: String(most), value: most } : { text: `${least}–${most}` };
}

function resultCell(cell: AnalysedCell | undefined, row: AnalysedRow, told: Told, best: number): Cell {
  if (cell === undefined) return { text: '' };
  const { mean, ci95 } = told.ours(cell, row);
  const half = ci95 === null ? '' : ` ± ${told.format((ci95[1] - ci95[0]) / 2)}`;
  const doubtful = cell.learnt.learnt < cell.learnt.of ? ' ‡' : '';
  return {
    text: `${told.format(mean)}${half}${doubtful}`,
    value: mean,
    strong: mean === best,
    ...(cell.paper === null ? {} : { note: `paper ${told.papers(cell.paper)}` }),
  };
}
