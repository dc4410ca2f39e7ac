import type { TopLevelSpec } from 'vega-lite';
import { inks } from '../palette.js';
import { common } from './described-chart.js';
import { logScale } from './log-scale.js';

/** An effect at a value, with its interval. */
export interface FeaturePoint {
  /** Stands beside it: short, because points may lie near each other. */
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

/** How a feature is drawn: by its values, by their logarithms, or as shares of 1. */
export type FeatureAxis = 'linear' | 'log' | 'share';

/** Points that have their names beside them; more would cover each other. */
const mostNamed = 40;

/** Shares beyond which effects are not drawn. */
const widest = 0.6;

/** Effects by a feature, each with its name, around the line of no effect. */
export function featurePlot(
  points: readonly FeaturePoint[],
  { x, y, axis }: { readonly x: string; readonly y: string; readonly axis: FeatureAxis },
): TopLevelSpec {
  const log = axis === 'log';
  const { domain, marks } = logScale(points.map((point) => (log ? point.x : 1)));
  const scale = log
    ? {
        scale: { type: 'log', domain, nice: false, padding: 12 } as const,
        axis: { grid: false, format: '~s', values: marks },
      }
    : {
        scale: { zero: false, padding: 12 },
        axis: { grid: false, tickCount: 5, format: axis === 'share' ? '~%' : '~g' },
      };
  const reach = points.flatMap((point) => [point.y, 0]);
  const margin = 0.02 + 0.2 * (Math.max(...reach) - Math.min(...reach));
  const heights: [number, number] = [
    Math.max(-widest, Math.min(...reach) - margin),
    Math.min(widest, Math.max(...reach) + margin),
  ];
  const bound = (value: number): number => Math.max(heights[0], Math.min(heights[1], value));
  const bounded = ({ title, x: at, y: middle, low, high }: FeaturePoint): FeaturePoint => ({
    ...{ title, x: at, y: bound(middle), low: bound(low), high: bound(high) },
  });
  const up = { type: 'quantitative', scale: { domain: heights, nice: false } } as const;
  return {
    ...common('narrow'),
    width: 400,
    height: 230,
    layer: [
      {
        data: { values: [{ y: 0 }] },
        mark: { type: 'rule', color: inks.text, strokeWidth: 1.2 },
        encoding: { y: { field: 'y', ...up } },
      },
      {
        data: { values: points.map(bounded) },
        encoding: { x: { field: 'x', type: 'quantitative', title: x, ...scale } },
        layer: [
          {
            mark: { type: 'rule', color: inks.muted, strokeWidth: 1.2 },
            encoding: {
              y: { field: 'low', ...up, axis: { format: '+.0%', tickCount: 5 }, title: y },
              y2: { field: 'high' },
            },
          },
          {
            mark: { type: 'point', filled: true, size: 50, opacity: 1, color: inks.series[0] },
            encoding: { y: { field: 'y', ...up } },
          },
          ...(points.length <= mostNamed ? [names] : []),
        ],
      },
    ],
  };
}

const names = {
  mark: { type: 'text', align: 'left', dx: 6, dy: -6, fontSize: 10.5, color: inks.text, limit: 130 },
  encoding: { y: { field: 'y', type: 'quantitative' }, text: { field: 'title' } },
} as const;
