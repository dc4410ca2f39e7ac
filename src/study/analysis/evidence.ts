import { differenceInterval } from '../../statistics/difference-interval.js';
import { meanInterval } from '../../statistics/mean-interval.js';

/** What one row says, a number a seed. */
export interface RowEffect {
  /** What it is called. */
  readonly row: string;
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
  /** Rows that it rests on. */
  readonly rows: readonly string[];
}

/** The mean effect over rows; of one row over its seeds. Null without any. */
export function over(effects: readonly RowEffect[]): Evidence | null {
  const rows = effects.map(({ row }) => row);
  const [first] = effects;
  if (first === undefined) return null;
  const values = effects.length === 1 ? first.bySeed : effects.map(rowMean);
  const { n, mean: middle, ci95 } = meanInterval(values);
  return { mean: middle, ci95, over: effects.length === 1 ? 'seeds' : 'rows', n, rows };
}

/** How much lower the effects of the first rows are than those of the others. Null where a group has none. */
export function contrast(first: readonly RowEffect[], others: readonly RowEffect[]): Evidence | null {
  if (first.length === 0 || others.length === 0) return null;
  const isOfRows = first.length > 1 && others.length > 1;
  const valuesOf = (group: readonly RowEffect[]): number[] =>
    isOfRows ? group.map(rowMean) : group.flatMap(({ bySeed }) => bySeed);
  const [a, b] = [valuesOf(others), valuesOf(first)];
  const { bMinusA, ci95 } = differenceInterval(a, b);
  const rows = [...first, ...others].map(({ row }) => row);
  return { mean: bMinusA, ci95, over: isOfRows ? 'rows' : 'seeds', n: a.length + b.length, rows };
}

/** How much lower the effect of each row is than that of its fellow: rows vary, or, of one pair, the seeds of both. Null without any. */
export function ofPairs(pairs: readonly (readonly [one: RowEffect, fellow: RowEffect])[]): Evidence | null {
  const [first] = pairs;
  if (pairs.length === 1 && first !== undefined) return contrast([first[0]], [first[1]]);
  return over(
    pairs.map(([one, fellow]) => ({
      row: `${one.row} and ${fellow.row}`,
      bySeed: [rowMean(one) - rowMean(fellow)],
    })),
  );
}

const rowMean = ({ bySeed }: RowEffect): number => meanInterval(bySeed).mean;
