import { basename, resolve } from 'node:path';
import type { AnalysedCell, AnalysedRow, StudyAnalysis } from '../../study/analysis/study-analysis.js';
import type { NamedRow } from '../../study/analysis/evidence.js';
import type { LineStyle } from '../charts/line-plot.js';

/** What a study's folder is called. */
export const studyName = ({ study }: StudyAnalysis): string => basename(resolve(study));

/** Notes on data that is not what its name makes others expect: a pool, or what somebody else collected. */
const unofficial = /\bnot the (?:official|published)\b|\bdiffers from the official\b|\bpool\b|\bcrawl\b/iu;

/** What sets the data of a row apart from what the paper had; none for most. */
export const cautionsOf = ({ data }: AnalysedRow): readonly string[] =>
  (data?.notes ?? []).filter((note) => unofficial.test(note));

/** A row as tables and plots name it: with its size where a study has both, and a mark where its data is not the official one. */
export function rowTitle(row: AnalysedRow, { rows }: StudyAnalysis): string {
  const alone = rows.filter(({ row: name }) => name === row.row).length === 1 && row.size === 'big';
  const namesakes = rows.filter(({ title, size }) => title === row.title && size === row.size);
  const name = namesakes.length > 1 ? row.row : row.title;
  return `${name}${alone ? '' : `, ${row.size}`}${cautionsOf(row).length === 0 ? '' : ' †'}`;
}

/** The same of a row that is known by its name. */
export function titleOfNamed({ row, size }: NamedRow, analysis: StudyAnalysis): string {
  const named = analysis.rows.find((one) => one.row === row && one.size === size);
  return named === undefined ? row : rowTitle(named, analysis);
}

/** What the mark of rows stands for, in full; undefined where none has it. */
export function cautionInFull(rows: readonly AnalysedRow[]): string | undefined {
  const told = new Set(rows.flatMap(cautionsOf));
  return told.size === 0 ? undefined : `† ${[...told].join('; ')}.`;
}

/** The same in short, to end the caption of every table and plot; empty where no row has the mark. */
export const cautionText = (rows: readonly AnalysedRow[]): string =>
  cautionInFull(rows) === undefined
    ? ''
    : ' † On a pool or another collection, not the official data: see the top.';

/** All columns that have a result, in the order in which rows have them. */
export const columnsOf = (rows: readonly AnalysedRow[]): string[] => [
  ...new Set(rows.flatMap(({ cells }) => cells.map(({ column }) => column))),
];

export const cellOf = (row: AnalysedRow, column: string): AnalysedCell | undefined =>
  row.cells.find((cell) => cell.column === column);

/** The rows that have a result. */
export const measuredRows = ({ rows }: StudyAnalysis): readonly AnalysedRow[] =>
  rows.filter(({ cells }) => cells.length > 0);

/** Rows of which plots are drawn, all of a study that has no more. */
const mostRowsDrawn = 20;

/** Rows that are drawn of a study that has more: a page stays below 2 MB. */
const fewRowsDrawn = 10;

/** The rows of which plots are drawn; tables have all. */
export function drawnRows(analysis: StudyAnalysis): readonly AnalysedRow[] {
  const rows = measuredRows(analysis);
  return rows.length <= mostRowsDrawn ? rows : rows.slice(0, fewRowsDrawn);
}

/** What to say where not all rows are drawn; empty where they are. */
export function drawnText(analysis: StudyAnalysis): string {
  const [drawn, all] = [drawnRows(analysis).length, measuredRows(analysis).length];
  return drawn === all ? '' : ` Shown are the first ${drawn} of ${all} rows.`;
}

const styles: Readonly<Record<string, LineStyle>> = {
  vanilla: { ink: 1 },
  dropout: { ink: 1, dashed: true },
  adversarial: { ink: 0 },
  'adversarial+dropout': { ink: 0, dashed: true },
  random: { ink: 2 },
};

/** How a column's line looks; its name stands at its end. */
export const styleOf = (column: string): LineStyle => styles[column] ?? { ink: 2, dashed: true };
