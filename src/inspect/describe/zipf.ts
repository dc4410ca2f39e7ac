import { at } from '../../base/at.js';

/** The exponents that are looked at; those of texts lie near 1. */
const least = 0;
const most = 20;

/** Halvings of the interval: below the last digit that anybody prints. */
const halvings = 50;

/**
 * The exponent s of Zipf's law, share of the token at rank r ∝ r^−s for r = 1 … V, by maximum likelihood with all V ranks
 * (Goldstein, Morris and Yen 2004; Clauset, Shalizi and Newman 2009 say why not by a line through the log-log plot, whose
 * many rare ranks decide it). The likelihood is greatest where the mean of ln r under the law equals the observed one;
 * the former falls with s, so that bisection finds it. Ranks come from the same sample as the frequencies, which makes the
 * rarest ranks look steeper than they are (Piantadosi 2014).
 *
 * @param frequencies counts by falling size; V of them
 * @returns from 0, all as frequent, to 20; undefined for fewer than two ranks, which no exponent describes
 */
export function zipfExponent(frequencies: Float64Array): number | undefined {
  if (frequencies.length < 2) return undefined;
  const logRanks = Float64Array.from(frequencies, (_, place) => Math.log(place + 1));
  const total = frequencies.reduce((sum, frequency) => sum + frequency, 0);
  const observed =
    frequencies.reduce((sum, frequency, place) => sum + frequency * at(logRanks, place), 0) / total;
  let [low, high] = [least, most];
  for (let halving = 0; halving < halvings; halving++) {
    const middle = (low + high) / 2;
    if (meanLogRank(logRanks, middle) > observed) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Mean of ln r where the share of rank r is proportional to r^−s. */
function meanLogRank(logRanks: Float64Array, exponent: number): number {
  let weights = 0;
  let sum = 0;
  for (const logRank of logRanks) {
    const weight = Math.exp(-exponent * logRank);
    weights += weight;
    sum += weight * logRank;
  }
  return sum / weights;
}

/** A point of the rank-frequency curve. */
export interface RankFrequency {
  readonly rank: number;
  readonly frequency: number;
}

/**
 * So many points of the rank-frequency curve, about evenly spaced on a logarithmic axis: the first and the last rank are
 * among them.
 *
 * @param number at least 2
 */
export function rankCurve(frequencies: Float64Array, number: number): RankFrequency[] {
  const ranks = Array.from({ length: number }, (_, place) =>
    Math.round(frequencies.length ** (place / (number - 1))),
  );
  return [...new Set(ranks)]
    .filter((rank) => rank >= 1 && rank <= frequencies.length)
    .map((rank) => ({ rank, frequency: at(frequencies, rank - 1) }));
}
