import { count, plural } from '../format.js';
import type { DescribedChart } from './described-chart.js';
import { textHistogram } from './text-histogram.js';

/** The loss of a text, and whether its class was found. */
export interface JudgedLoss {
  readonly loss: number;
  readonly right: boolean;
}

const bars = 40;

/** Share of the texts whose losses are drawn one by one; the rest is counted. */
const drawnShare = 0.995;

/** How many texts have which loss, of those whose class was found and of the others. */
export function lossHistogram(losses: readonly JudgedLoss[]): DescribedChart {
  const sorted = losses.map(({ loss }) => loss).sort((one, other) => one - other);
  const end = sorted[Math.ceil(drawnShare * sorted.length) - 1] ?? 1;
  const width = (end > 0 ? end : 1) / bars;
  const shown = losses.filter(({ loss }) => loss <= end);
  const values = (['right', 'wrong'] as const).flatMap((kind) =>
    Array.from({ length: bars }, (_, bar) => ({
      kind,
      from: bar * width,
      to: (bar + 1) * width,
      texts: shown.filter(
        ({ loss, right }) =>
          (right ? 'right' : 'wrong') === kind && Math.min(bars - 1, Math.floor(loss / width)) === bar,
      ).length,
    })),
  );
  const rest = losses.length - shown.length;
  const wrong = losses.filter(({ right }) => !right).length;
  return {
    caption:
      'Number of test texts by their loss. Few texts with large losses can make most of the mean.' +
      (rest === 0
        ? ''
        : ` Not shown: ${plural(rest, 'text')} with losses up to ${(sorted.at(-1) ?? 0).toFixed(1)}.`),
    alternative: `Histogram; ${count(losses.length - wrong)} texts are predicted right and ${count(wrong)} wrong, and half of all losses are below ${(sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(3)}.`,
    specification: (form) =>
      textHistogram(
        {
          bars: values,
          domain: [0, bars * width],
          title: 'loss of a text',
          kinds: ['right', 'wrong'],
          legend: true,
        },
        form,
      ),
  };
}
