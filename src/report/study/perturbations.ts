import type { AnalysedRow, StudyAnalysis } from '../../study/analysis/study-analysis.js';
import { linesAlong } from '../charts/loss-along.js';
import { linePlot, type Line } from '../charts/line-plot.js';
import { numberCell, type Section } from '../document/document.js';
import { score } from '../format.js';
import { cautionText, drawnRows, drawnText, measuredRows, rowTitle, styleOf } from './names.js';

const chartWidth = 420;

const marks = [0, 0.05, 0.2, 0.5, 1];

/** How the loss grows around validation texts, for each row; undefined where no run tells. */
export function perturbationSection(analysis: StudyAnalysis): Section | undefined {
  const rows = measuredRows(analysis).filter(({ cells }) =>
    cells.some(({ lossAlong }) => lossAlong !== null),
  );
  if (rows.length === 0) return undefined;
  const drawn = drawnRows(analysis);
  const caution = cautionText(rows);
  return {
    heading: 'Loss along perturbations',
    blocks: [
      {
        kind: 'multiples',
        multiples: {
          caption:
            'Mean loss of validation texts whose embedded tokens are moved by ε, in standard deviations of the embedding table, along the sign of the gradient: a line a column, means ' +
            `over seeds. Dotted: the same along random signs. Flat lines belong to models that a small perturbation changes little.${drawnText(analysis)}${caution}`,
          width: chartWidth,
          charts: rows
            .filter((row) => drawn.includes(row))
            .map((row) => ({
              title: rowTitle(row, analysis),
              alternative: row.cells.map(alternativeOf).join('; '),
              specification: linePlot({ x: 'ε', y: '', lines: linesOf(row), roots: marks }, 'narrow', {
                width: chartWidth,
                height: 210,
              }),
            })),
        },
      },
      {
        kind: 'table',
        table: {
          name: 'Loss along perturbations',
          caption: `Means over seeds at some of the sizes ε, along the gradient’s sign and along random signs.${caution}`,
          header: [
            '',
            'texts as they are',
            ...shown.flatMap((epsilon) => [`gradient, ε ${epsilon}`, `random, ε ${epsilon}`]),
          ],
          rows: rows.flatMap((row) =>
            row.cells.map(({ column, lossAlong }, place) => ({
              name: `${rowTitle(row, analysis)}: ${column}`,
              cells: [
                numberCell(lossAlong?.random[0], score),
                ...shown.flatMap((epsilon) => {
                  const at = lossAlong?.epsilons.indexOf(epsilon) ?? -1;
                  return [
                    numberCell(lossAlong?.fastGradientSign[at], score),
                    numberCell(lossAlong?.random[at], score),
                  ];
                }),
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

const shown = [0.02, 0.1, 0.5];

function linesOf({ cells }: AnalysedRow): Line[] {
  return cells.flatMap(({ column, lossAlong }) => {
    if (lossAlong === null) return [];
    const [along, random] = linesAlong(lossAlong);
    return [
      ...(along === undefined ? [] : [{ ...along, ...styleOf(column), name: column }]),
      ...(random === undefined ? [] : [{ ...random, ...styleOf(column), name: column, faint: true }]),
    ];
  });
}

function alternativeOf({ column, lossAlong }: AnalysedRow['cells'][number]): string {
  const along = lossAlong?.fastGradientSign;
  return along === undefined
    ? `${column} unknown`
    : `${column} from ${score(along[0] ?? 0)} to ${score(along.at(-1) ?? 0)}`;
}
