import type { DatasetDescription } from '../../inspect/describe/description.js';
import type { RankFrequency } from '../../inspect/describe/zipf.js';
import { count } from '../format.js';
import { inks } from '../palette.js';
import { common, type DescribedChart } from './described-chart.js';
import { logScale } from './log-scale.js';

/** Frequency of tokens by rank on logarithmic axes, with the fitted law. */
export function frequencyChart({ vocabulary, splits }: DatasetDescription): DescribedChart {
  const { ranks, zipfExponent, types } = vocabulary;
  const law = zipfExponent === null ? [] : zipfLaw(ranks, zipfExponent, types, splits[0]?.tokens ?? 0);
  const across = logScale(ranks.map(({ rank }) => rank));
  // Where the law ends far below the rarest token it says nothing, and would squeeze all else.
  const up = logScale([...ranks, ...law.slice(0, 1)].map(({ frequency }) => frequency));
  return {
    caption:
      'Points are tokens, the most frequent first; both axes are logarithmic.' +
      (zipfExponent === null
        ? ''
        : ` The line is Zipf's law with its maximum-likelihood exponent, ${zipfExponent.toFixed(3)}.`),
    alternative:
      `Points for tokens by rank, falling from ${count(ranks[0]?.frequency ?? 0)} occurrences at rank 1 ` +
      `to ${count(ranks.at(-1)?.frequency ?? 0)} at rank ${count(types)}.`,
    specification: (form) => ({
      ...common(form),
      height: 300,
      encoding: {
        x: {
          field: 'rank',
          type: 'quantitative',
          scale: { type: 'log', domain: across.domain, nice: false },
          axis: { format: '~s', values: across.marks },
          title: 'rank of the token',
        },
        y: {
          field: 'frequency',
          type: 'quantitative',
          scale: { type: 'log', domain: up.domain, nice: false },
          axis: { format: '~s', values: up.marks },
          title: 'occurrences of the token',
        },
      },
      layer: [
        {
          data: { values: [...ranks] },
          mark: { type: 'point', filled: true, size: 16, opacity: 1, color: inks.series[0] },
        },
        {
          data: { values: law.filter(({ frequency }) => frequency >= up.domain[0]) },
          mark: { type: 'line', strokeWidth: 2, color: inks.series[1] },
        },
      ],
    }),
  };
}

/** What Zipf's law says at the ranks of a curve, when it shares out the tokens among all types. */
function zipfLaw(
  ranks: readonly RankFrequency[],
  exponent: number,
  types: number,
  tokens: number,
): RankFrequency[] {
  let weights = 0;
  for (let rank = 1; rank <= types; rank++) weights += rank ** -exponent;
  return ranks.map(({ rank }) => ({ rank, frequency: (tokens * rank ** -exponent) / weights }));
}
