import type { AnalysedCell, AnalysedRow, StudyAnalysis } from '../../study/analysis/study-analysis.js';
import { linePlot, type Line } from '../charts/line-plot.js';
import type { SmallChart } from '../charts/small-multiples.js';
import { numberCell, type Block, type Section } from '../document/document.js';
import { score } from '../format.js';
import { cautionText, drawnRows, drawnText, measuredRows, rowTitle } from './names.js';
import { signed } from './differences.js';

const chartWidth = 170;

/** Training and validation loss of every cell over epochs. */
export function curveSection(analysis: StudyAnalysis): Section {
  const rows = measuredRows(analysis);
  const caution = cautionText(rows);
  return {
    heading: 'Learning curves',
    blocks: [
      {
        kind: 'text',
        text:
          'Mean loss over epochs, means over seeds. Solid and dark: of validation texts. Dashed and orange: of training texts as the steps saw them, with dropout where there is. Upright: the selected epoch, ' +
          'mean over seeds. Plots of a row have the same axes. Where the two lines part, a model learns its training texts by heart: a regulariser keeps them together.' +
          drawnText(analysis),
      },
      ...drawnRows(analysis).map((row): Block => ({
        kind: 'multiples',
        multiples: {
          heading: rowTitle(row, analysis),
          caption: cautionText([row]).trim(),
          charts: chartsOf(row),
          width: chartWidth,
        },
      })),
      {
        kind: 'table',
        table: {
          name: 'Epochs and the gap between validation and training loss',
          caption:
            'Means over seeds: the selected epoch, the epochs trained, and by how much the validation loss is above the training loss in the selected and after the last epoch. ' +
            `The smaller the gap, the more what was learnt holds for other texts.${caution}`,
          header: ['', 'selected epoch', 'epochs', 'gap at the selected', 'gap at the last'],
          rows: rows.flatMap((row) =>
            row.cells.map(({ column, course }, place) => ({
              name: `${rowTitle(row, analysis)}: ${column}`,
              cells: [
                numberCell(course.selectedEpoch.mean, (value) => value.toFixed(1)),
                numberCell(course.epochs.mean, (value) => value.toFixed(1)),
                numberCell(course.gapAtSelected.mean, signed),
                numberCell(course.gapAtLast.mean, signed),
              ],
              divided: place === 0,
            })),
          ),
          kind: 'numbers',
        },
      },
    ],
  };
}

/** The points of a list that has a place for each epoch. */
export const pointsOf = (values: readonly (number | null)[]): { x: number; y: number }[] =>
  values.flatMap((y, x) => (y === null ? [] : [{ x, y }]));

function linesOf({ course }: AnalysedCell): Line[] {
  return [
    { name: 'validation', ink: 0, points: pointsOf(course.validLoss) },
    { name: 'training', ink: 1, dashed: true, points: pointsOf(course.trainLoss) },
  ];
}

function chartsOf(row: AnalysedRow): SmallChart[] {
  const all = row.cells.flatMap((cell) => linesOf(cell).flatMap(({ points }) => points.map(({ y }) => y)));
  // A first epoch far above all others would press them flat.
  const sorted = [...all].sort((one, other) => one - other);
  const top = sorted[Math.ceil(0.99 * sorted.length) - 1] ?? 1;
  const low = sorted[0] ?? 0;
  const heights = [low - 0.05 * (top - low), top + 0.05 * (top - low)] as const;
  return row.cells.map((cell) => {
    const { validLoss, trainLoss, selectedEpoch } = cell.course;
    return {
      title: cell.column,
      alternative:
        `validation loss from ${told(validLoss[0])} to ${told(validLoss.at(-1))}, training loss to ${told(trainLoss.at(-1))}, ` +
        `epoch ${selectedEpoch.mean.toFixed(1)} selected.`,
      specification: linePlot(
        {
          ...{ x: '', y: '', lines: linesOf(cell), named: false, pointless: true, whole: true, heights },
          marked: { x: selectedEpoch.mean, label: '' },
        },
        'narrow',
        { width: chartWidth, height: 130 },
      ),
    };
  });
}

const told = (value: number | null | undefined): string => (value == null ? 'unknown' : score(value));
