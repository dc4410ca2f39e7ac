import { plural } from '../format.js';
import type { DescribedChart } from './described-chart.js';
import { textHistogram } from './text-histogram.js';

/** On each side of 0. */
const bars = 20;

/** Share of the texts whose differences are drawn at their place; the rest is counted. */
const drawnShare = 0.99;

/**
 * How many texts have which difference of losses.
 *
 * @param differences a − b of each text, at least one
 */
export function differenceHistogram(differences: readonly number[]): DescribedChart {
  const sizes = differences.map(Math.abs).sort((one, other) => one - other);
  const end = sizes[Math.ceil(drawnShare * sizes.length) - 1] ?? 0;
  const width = (end > 0 ? end : 1) / bars;
  const shown = differences.filter((difference) => Math.abs(difference) <= end);
  const counts = new Array<number>(2 * bars).fill(0);
  for (const difference of shown) {
    const bar = Math.min(2 * bars - 1, Math.max(0, Math.floor(difference / width) + bars));
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  const values = counts.map((texts, bar) => ({
    ...{ from: (bar - bars) * width, to: (bar + 1 - bars) * width, texts },
    kind: bar < bars ? 'a' : 'b',
  }));
  const rest = differences.length - shown.length;
  const ofA = differences.filter((difference) => difference < 0).length;
  const ofB = differences.filter((difference) => difference > 0).length;
  return {
    caption:
      'Number of texts by the difference of their losses, a − b. Left of 0, dark: a has the smaller loss; right, orange: b.' +
      (rest === 0
        ? ''
        : ` Not shown: ${plural(rest, 'text')} with differences up to ${(sizes.at(-1) ?? 0).toFixed(2)}.`),
    alternative: `Histogram: a has the smaller loss on ${plural(ofA, 'text')}, b on ${plural(ofB, 'text')}.`,
    specification: (form) =>
      textHistogram(
        {
          bars: values,
          domain: [-bars * width, bars * width],
          title: 'a − b',
          kinds: ['a', 'b'],
          legend: false,
        },
        form,
      ),
  };
}
