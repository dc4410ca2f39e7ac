import { differenceInterval } from '../../statistics/difference-interval.js';
import { meanInterval } from '../../statistics/mean-interval.js';

/** Names a row of a study. */
export interface NamedRow {
  readonly row: string;
  readonly size: string;
}

/** What one row says, a number a seed. */
export interface RowEffect extends NamedRow {
  /** At least one. */
  readonly bySeed: readonly number[];
}

/** What a verdict is made of. */
export interface Evidence {
  readonly mean: number;
  /** 95 % interval; null where it rests on too few values. */
  readonly ci95: readonly [number, number] | null;
  /** What varies in the interval: rows, each the mean over its seeds, or the seeds of single rows, which say nothing of other data. */
  readonly over: 'rows' | 'seeds';
  readonly n: number;
  /** Rows that it rests on; those that were set against each other stand together. */
  readonly rows: readonly (readonly NamedRow[])[];
}

/** The mean effect over rows; of one row over its seeds. Null without any. */
export function over(effects: readonly RowEffect[]): Evidence | null {
  const [first] = effects;
  if (first === undefined) return null;
  const isOfOne = effects.length === 1;
  const values = isOfOne ? first.bySeed : effects.map(rowMean);
  return { ...meanOf(values), over: isOfOne ? 'seeds' : 'rows', rows: effects.map((one) => [nameOf(one)]) };
}

/** How much lower the effects of the first rows are than those of the others. Null where a group has none. */
export function contrast(first: readonly RowEffect[], others: readonly RowEffect[]): Evidence | null {
  if (first.length === 0 || others.length === 0) return null;
  const isOfRows = first.length > 1 && others.length > 1;
  const valuesOf = (group: readonly RowEffect[]): number[] =>
    isOfRows ? group.map(rowMean) : group.flatMap(({ bySeed }) => bySeed);
  const [a, b] = [valuesOf(others), valuesOf(first)];
  const { bMinusA, ci95 } = differenceInterval(a, b);
  const rows = [...first, ...others].map((one) => [nameOf(one)]);
  return { mean: bMinusA, ci95, over: isOfRows ? 'rows' : 'seeds', n: a.length + b.length, rows };
}

/** How much lower the effect of each row is than that of its fellow: rows vary, or, of one pair, the seeds of both. Null without any. */
export function ofPairs(pairs: readonly (readonly [one: RowEffect, fellow: RowEffect])[]): Evidence | null {
  const [first] = pairs;
  if (pairs.length === 1 && first !== undefined) return contrast([first[0]], [first[1]]);
  if (pairs.length === 0) return null;
  const values = pairs.map(([one, fellow]) => rowMean(one) - rowMean(fellow));
  return { ...meanOf(values), over: 'rows', rows: pairs.map((pair) => pair.map(nameOf)) };
}

const nameOf = ({ row, size }: NamedRow): NamedRow => ({ row, size });

function meanOf(values: readonly number[]): Pick<Evidence, 'mean' | 'ci95' | 'n'> {
  const { mean, ci95, n } = meanInterval(values);
  return { mean, ci95, n };
}

const rowMean = ({ bySeed }: RowEffect): number => meanInterval(bySeed).mean;
