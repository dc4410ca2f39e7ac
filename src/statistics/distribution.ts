import { at } from '../base/at.js';

/** Shares below which quantiles are given. */
const quantileShares = {
  p1: 0.01,
  p5: 0.05,
  p25: 0.25,
  median: 0.5,
  p75: 0.75,
  p95: 0.95,
  p99: 0.99,
} as const;

/** Bars that a histogram has at most, the open one left out. */
const mostBars = 40;

/** How integers such as lengths are distributed. */
export interface Distribution {
  readonly mean: number;
  /** Standard deviation of these numbers (divided by n). */
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
  /** Hyndman and Fan's definition 7, that of NumPy and R: between two numbers, the straight line. */
  readonly quantiles: Readonly<Record<keyof typeof quantileShares, number>>;
  /**
   * Bars of equal width from the least value on; the last one is open and holds what lies far above the 99 % quantile, if
   * anything does.
   */
  readonly histogram: readonly HistogramBar[];
}

/** Values from `from` to below `to`; `to` is null for the open bar. */
export interface HistogramBar {
  readonly from: number;
  readonly to: number | null;
  readonly count: number;
}

/** Counts how often each integer occurs: its memory grows with the different values, not with their number. */
export class IntegerCounts {
  readonly #counts = new Map<number, number>();
  #total = 0;
  #sum = 0;

  /** @param value an integer of at least 0 */
  add(value: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
    this.#total += 1;
    this.#sum += value;
  }

  /** How many integers were added. */
  get total(): number {
    return this.#total;
  }

  /** Their sum. */
  get sum(): number {
    return this.#sum;
  }

  /** How many are above a bound. */
  above(bound: number): number {
    let count = 0;
    for (const [value, times] of this.#counts) if (value > bound) count += times;
    return count;
  }

  /** @throws RangeError when nothing was added */
  distribution(): Distribution {
    const sorted = [...this.#counts].sort(([a], [b]) => a - b);
    const mean = this.#sum / this.#total;
    const squares = sorted.reduce((sum, [value, times]) => sum + times * (value - mean) ** 2, 0);
    const quantile = (share: number): number => quantileOf(sorted, this.#total, share);
    const quantiles = Object.fromEntries(
      Object.entries(quantileShares).map(([name, share]) => [name, quantile(share)]),
    ) as Distribution['quantiles'];
    return {
      mean,
      deviation: Math.sqrt(squares / this.#total),
      least: quantile(0),
      most: quantile(1),
      quantiles,
      histogram: histogramOf(sorted, quantiles.p99),
    };
  }
}

type SortedCounts = readonly (readonly [value: number, times: number])[];

/**
 * A quantile of counted values.
 *
 * @param sorted by value
 * @param total of the counts, at least 1
 * @param share in [0, 1]
 * @throws RangeError when there is no value
 */
function quantileOf(sorted: SortedCounts, total: number, share: number): number {
  const place = (total - 1) * share;
  const [lower, upper] = [valueAt(sorted, Math.floor(place)), valueAt(sorted, Math.ceil(place))];
  return lower + (upper - lower) * (place - Math.floor(place));
}

/** The value at a place of the sorted list that the counts stand for. */
function valueAt(sorted: SortedCounts, place: number): number {
  let passed = 0;
  for (const [value, times] of sorted) {
    passed += times;
    if (place < passed) return value;
  }
  throw new RangeError(`expected a place in [0, ${passed}), got ${place}`);
}

/** Bars of a round width over the values up to twice the 99 % quantile: few long texts would flatten all others. */
function histogramOf(sorted: SortedCounts, p99: number): HistogramBar[] {
  const [least] = at(sorted, 0);
  const [most] = at(sorted, sorted.length - 1);
  const end = Math.min(most, Math.max(2 * p99, least));
  const width = roundWidth((end + 1 - least) / mostBars);
  const start = Math.floor(least / width) * width;
  const bars = Math.floor((end - start) / width) + 1;
  const counts = new Array<number>(bars + 1).fill(0);
  for (const [value, times] of sorted) {
    const bar = Math.min(Math.floor((value - start) / width), bars);
    counts[bar] = at(counts, bar) + times;
  }
  return counts.flatMap((count, bar): HistogramBar[] => {
    const from = start + bar * width;
    if (bar < bars) return [{ from, to: from + width, count }];
    return count === 0 ? [] : [{ from, to: null, count }];
  });
}

/** The least of 1, 2, 5, 10, 20, 50 … that is not below a width. */
function roundWidth(width: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(width)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= width) ?? 10 * power;
}
