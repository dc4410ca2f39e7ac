import { at } from '../base/at.js';

/**
 * The number below which a share of a distribution lies, estimated from sorted draws: the (n + 1)·share-th of them, between two of them
 * by linear interpolation (Davison and Hinkley 1997, 5.2.3; Hyndman and Fan 1996, definition 6; numpy's method 'weibull').
 *
 * @param sorted at least one, from the smallest to the largest
 * @param share in [0, 1]; what lies outside of the draws is the nearest of them
 */
export function percentile(sorted: Float64Array, share: number): number {
  const rank = Math.min(Math.max((sorted.length + 1) * share, 1), sorted.length);
  const below = Math.floor(rank);
  const lower = at(sorted, below - 1);
  return rank === below ? lower : lower + (rank - below) * (at(sorted, below) - lower);
}
