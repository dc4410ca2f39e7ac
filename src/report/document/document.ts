import type { DescribedChart } from '../charts/described-chart.js';
import type { Rows } from '../page.js';
import type { SmallMultiples } from '../charts/small-multiples.js';

/** What stands in a place of a table. */
export interface Cell {
  /** As people read it; empty for nothing. */
  readonly text: string;
  /** As programs read it, with all its digits; the text where left out. */
  readonly value?: number | string | undefined;
  /** A second line, which stands back. */
  readonly note?: string | undefined;
  /** How dark the place is, from 0, which is not at all, to 1. */
  readonly shade?: number | undefined;
  /** What stands out. */
  readonly strong?: boolean | undefined;
}

/** A row of a table: its name and a cell for each further column. */
export interface TableRow {
  readonly name: string;
  /** What it means, below the name. */
  readonly note?: string | undefined;
  readonly cells: readonly Cell[];
  /** Whether a rule above it divides it from the rows before. */
  readonly divided?: boolean | undefined;
}

/** A table as a page, a text, a sheet or a paper shows it. */
export interface ReportTable {
  /** What it is, short and different from all others of the document. */
  readonly name: string;
  /** What a reader must know to read it. */
  readonly caption?: string | undefined;
  /** The first column's heading, which may be empty, and those of the cells. */
  readonly header: readonly string[];
  readonly rows: readonly TableRow[];
  /** Numbers stand flush right, words flush left, sentences also on several lines; a matrix has narrow shaded places of one width. */
  readonly kind: 'numbers' | 'words' | 'sentences' | 'matrix';
}

/** Part of a document. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'warnings'; readonly warnings: readonly string[] }
  | { readonly kind: 'facts'; readonly name: string; readonly rows: Rows }
  | { readonly kind: 'table'; readonly table: ReportTable }
  | { readonly kind: 'chart'; readonly chart: DescribedChart }
  | { readonly kind: 'multiples'; readonly multiples: SmallMultiples }
  /** A command line, or several. */
  | { readonly kind: 'command'; readonly command: string }
  /** What opens when asked for; paper shows it. */
  | { readonly kind: 'folded'; readonly summary: string; readonly blocks: readonly Block[] };

/** Blocks under a heading. */
export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** What is told of a run or a study, whatever shows it. */
export interface ReportDocument {
  readonly title: string;
  /** Before the first heading. */
  readonly opening: readonly Block[];
  readonly sections: readonly Section[];
  /** How numbers are measured, at the end. */
  readonly footer: string;
}

/** Whether what stands in a table's places is read, not compared as numbers are. */
export const isOfWords = (kind: ReportTable['kind']): boolean => kind === 'words' || kind === 'sentences';

/** A cell of words or of a number that is shown as it is. */
export const cell = (text: string, value?: number | string): Cell => ({ text, value });

/** A cell of a number; empty for none. */
export const numberCell = (
  value: number | null | undefined,
  format: (value: number) => string,
  more: Omit<Cell, 'text' | 'value'> = {},
): Cell => (value == null ? { text: '' } : { text: format(value), value, ...more });

/** A block and the heading above it; none of what stands before the first. */
export interface PlacedBlock {
  readonly heading: string | undefined;
  readonly block: Block;
}

/** All blocks of a document in their order; of a folded one what is in it. */
export function blocksOf({ opening, sections }: ReportDocument): PlacedBlock[] {
  const placed = (heading: string | undefined, blocks: readonly Block[]): PlacedBlock[] =>
    blocks.flatMap((block) =>
      block.kind === 'folded' ? placed(heading, block.blocks) : [{ heading, block }],
    );
  return [
    ...placed(undefined, opening),
    ...sections.flatMap(({ heading, blocks }) => placed(heading, blocks)),
  ];
}

/** All tables of a document, folded ones too. */
export const tablesOf = (document: ReportDocument): ReportTable[] =>
  blocksOf(document).flatMap(({ block }) => (block.kind === 'table' ? [block.table] : []));
