import { inks } from '../palette.js';
import { common, marksAlong, type DescribedChart } from './described-chart.js';

/** Predictions of about one confidence. */
export interface ReliabilityBin {
  /** Their mean probability. */
  readonly confidence: number;
  /** Share that is right. */
  readonly accuracy: number;
  readonly texts: number;
}

/** Accuracy of predictions by their confidence, with the line on which both are the same. */
export function reliabilityChart(bins: readonly ReliabilityBin[], summary: string): DescribedChart {
  const first = Math.min(0.5, ...bins.map(({ confidence }) => confidence));
  const domain: [number, number] = [first, 1];
  return {
    caption:
      'Share of right predictions among those of about one probability; points are the larger the more texts they stand for. On the line, what is ' +
      `predicted with 80% is right in 80% of the cases; below it the model is too sure. ${summary}`,
    alternative: `Points from ${percent(bins[0]?.confidence)} predicted and ${percent(bins[0]?.accuracy)} right to ${percent(bins.at(-1)?.confidence)} predicted and ${percent(bins.at(-1)?.accuracy)} right.`,
    specification: (form) => ({
      ...common(form),
      ...(form === 'wide' ? { width: 460 } : {}),
      height: form === 'wide' ? 340 : 280,
      layer: [
        {
          data: {
            values: [
              { x: first, y: first },
              { x: 1, y: 1 },
            ],
          },
          mark: { type: 'line', strokeDash: [2, 3], strokeWidth: 1.2, color: inks.muted },
          encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
        },
        {
          data: { values: [...bins] },
          mark: { type: 'point', filled: true, opacity: 1, color: inks.series[0] },
          encoding: {
            x: {
              field: 'confidence',
              type: 'quantitative',
              scale: { domain, nice: false, zero: false },
              axis: { format: '.0%', tickCount: marksAlong.narrow, grid: false },
              title: 'mean probability of the prediction',
            },
            y: {
              field: 'accuracy',
              type: 'quantitative',
              scale: {
                domain: [Math.min(first, ...bins.map(({ accuracy }) => accuracy)), 1],
                nice: false,
                zero: false,
              },
              axis: { format: '.0%', tickCount: 5 },
              title: 'share of right predictions',
            },
            size: { field: 'texts', type: 'quantitative', scale: { range: [20, 260] }, legend: null },
          },
        },
      ],
    }),
  };
}

const percent = (value = 0): string => `${(100 * value).toFixed(0)}%`;
