import { stringify } from 'csv-stringify/sync';
import { tablesOf, type ReportDocument } from './document.js';

const columns = ['table', 'row', 'column', 'value'];

/**
 * All tables of a document as one CSV file (RFC 4180 with LF, UTF-8), a line a cell: the table's name, the row's, the column's and the value with
 * all its digits. What is noted at a place stands in a line of its own, whose column ends with ' (note)'. Empty cells are left out.
 */
export function csvOf(document: ReportDocument): string {
  const lines = tablesOf(document).flatMap(({ name: table, header, rows }) =>
    rows.flatMap(({ name: row, cells }) =>
      cells.flatMap(({ text, value = text, note = '' }, place) => {
        const column = header[place + 1] ?? '';
        const lines = [
          { table, row, column, value },
          { table, row, column: `${column} (note)`, value: note },
        ];
        return lines.filter((line) => line.value !== '');
      }),
    ),
  );
  return stringify(lines, { header: true, columns });
}
