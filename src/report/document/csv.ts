import { stringify } from 'csv-stringify/sync';
import { tablesOf, type ReportDocument } from './document.js';

const columns = ['table', 'row', 'column', 'value'];

/**
 * All tables of a document as one CSV file (RFC 4180 with LF, UTF-8), a line a cell: the table's name, the row's, the column's and the value with
 * all its digits. Empty cells are left out.
 */
export function csvOf(document: ReportDocument): string {
  const lines = tablesOf(document).flatMap(({ name: table, header, rows }) =>
    rows.flatMap(({ name: row, cells }) =>
      cells.flatMap(({ text, value = text }, place) =>
        value === '' ? [] : [{ table, row, column: header[place + 1] ?? '', value }],
      ),
    ),
  );
  return stringify(lines, { header: true, columns });
}
