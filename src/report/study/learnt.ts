import type { AnalysedCell, AnalysedRow, StudyAnalysis } from '../../study/analysis/study-analysis.js';
import { numberCell, type Cell, type Section } from '../document/document.js';
import { score, share } from '../format.js';
import { cautionText, cellOf, columnsOf, measuredRows, rowTitle } from './names.js';

/** Whether models learnt anything at all. */
export function learntSection(analysis: StudyAnalysis): Section {
  const rows = measuredRows(analysis);
  const columns = columnsOf(rows);
  return {
    heading: 'What learnt, and what did not',
    blocks: [
      {
        kind: 'table',
        table: {
          name: 'Seeds that learnt something',
          caption:
            'Seeds whose selected epoch is better on validation texts than answers that never read the text: the shares of the classes, the most frequent class, the untrained model. Shaded ' +
            'where not all seeds did. Below: whether the loss that the paper reports is at least 1% below that of the classes’ shares (of equal shares where there is no data here); ' +
            `where it is not, the paper’s model looks like one that learnt nothing.${cautionText(rows)}`,
          header: ['', 'loss of class shares', 'most frequent class', ...columns, 'why not'],
          rows: rows.map((row) => ({
            name: rowTitle(row, analysis),
            cells: [
              numberCell(row.data?.priorLoss, score),
              numberCell(row.data?.majorityAccuracy, share),
              ...columns.map((column) => learntCell(cellOf(row, column))),
              { text: doubtsOf(row) },
            ],
          })),
          kind: 'numbers',
        },
      },
    ],
  };
}

/** What the runs that learnt nothing are no better than. */
const doubtsOf = ({ cells }: AnalysedRow): string =>
  [...new Set(cells.flatMap(({ learnt }) => learnt.doubts))]
    .map((code) => code.toLowerCase().replaceAll('_', ' '))
    .join(', ');

function learntCell(cell: AnalysedCell | undefined): Cell {
  if (cell === undefined) return { text: '' };
  const { learnt, of } = cell.learnt;
  const note = cell.paper?.learnt == null ? undefined : `paper: ${cell.paper.learnt}`;
  return {
    text: learnt === of ? 'all' : learnt === 0 ? 'none' : `${learnt} of ${of}`,
    value: learnt,
    shade: of === 0 ? 0 : 1 - learnt / of,
    note,
  };
}
