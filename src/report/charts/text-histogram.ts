import type { TopLevelSpec } from 'vega-lite';
import { inks } from '../palette.js';
import { common, marksAlong, type Form } from './described-chart.js';

/** How many texts of one of two kinds lie between two bounds. */
export interface TextBar {
  readonly from: number;
  readonly to: number;
  readonly texts: number;
  readonly kind: string;
}

/** Bars of texts of two kinds, told apart by colour. */
export function textHistogram(
  {
    bars,
    domain,
    title,
    kinds,
    legend,
  }: {
    readonly bars: readonly TextBar[];
    /** Where the horizontal axis begins and ends. */
    readonly domain: readonly [number, number];
    readonly title: string;
    readonly kinds: readonly [string, string];
    /** Whether a legend names the kinds; else a caption does. */
    readonly legend: boolean;
  },
  form: Form,
): TopLevelSpec {
  return {
    ...common(form),
    height: 220,
    data: { values: [...bars] },
    mark: { type: 'bar', binSpacing: 1 },
    encoding: {
      x: {
        field: 'from',
        type: 'quantitative',
        bin: { binned: true },
        scale: { domain: [...domain], nice: false },
        axis: { tickCount: marksAlong[form], grid: false },
        title,
      },
      x2: { field: 'to' },
      y: { field: 'texts', type: 'quantitative', axis: { tickCount: 6, tickMinStep: 1 }, title: 'texts' },
      color: {
        field: 'kind',
        type: 'nominal',
        scale: { domain: [...kinds], range: [inks.series[0], inks.series[1]] },
        legend: legend ? { orient: 'top-right' } : null,
        title: null,
      },
    },
  };
}
