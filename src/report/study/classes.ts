import type { AnalysedRow, StudyAnalysis } from '../../study/analysis/study-analysis.js';
import { numberCell, type Block, type ReportTable, type Section } from '../document/document.js';
import { count, score } from '../format.js';
import { confusedPairs, confusionMatrix, mostClasses } from '../run/classes.js';
import { cautionText, drawnRows, drawnText, rowTitle } from './names.js';

/** What every column finds of each class, and what it takes for what. */
export function classSection(analysis: StudyAnalysis): Section {
  return {
    heading: 'Classes and confusions',
    blocks: [
      {
        kind: 'text',
        text:
          'Of the test predictions of all seeds together: each text counts once a seed. Open a row to see it.' +
          drawnText(analysis),
      },
      ...drawnRows(analysis).map((row): Block => {
        const title = rowTitle(row, analysis);
        return {
          kind: 'folded',
          summary: title,
          blocks: [
            { kind: 'table', table: f1Table(row, title) },
            ...row.cells.map((cell): Block => {
              const told = cell.perClass.length <= mostClasses ? confusionMatrix(cell) : confusedPairs(cell);
              return {
                kind: 'table',
                table: {
                  ...told,
                  name: `${told.name} of ${title}, ${cell.column}`,
                  caption: `${cell.column}. ${told.caption ?? ''}${cautionText([row])}`,
                },
              };
            }),
          ],
        };
      }),
    ],
  };
}

function f1Table(row: AnalysedRow, title: string): ReportTable {
  const classes = row.cells[0]?.perClass ?? [];
  return {
    name: `F1 of each class of ${title}`,
    caption: `F1 of each class by column; the best is bold. Texts: of the class in the test part, once a seed of the first column.${cautionText([row])}`,
    header: ['class', 'texts', ...row.cells.map(({ column }) => column)],
    rows: classes.map(({ label, support }, place) => {
      const values = row.cells.map(({ perClass }) => perClass[place]?.f1);
      const best = Math.max(...values.filter((value) => value !== undefined));
      return {
        name: label,
        cells: [
          numberCell(support, count),
          ...values.map((value) => numberCell(value, score, { strong: value === best })),
        ],
      };
    }),
    kind: 'numbers',
  };
}
