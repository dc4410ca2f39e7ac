import type { TopLevelSpec } from 'vega-lite';
import { inks } from '../palette.js';
import { common } from './described-chart.js';
import { logScale } from './log-scale.js';

/** What was measured with a value of an option. */
export interface ValuePoint {
  /** A number, or a name where values are none. */
  readonly x: number | string;
  readonly y: number;
  /** Its interval; left out where there is none. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** Whether it stands out from the others, which are hollow. */
  readonly strong: boolean;
}

/** From this many times the least value on, values stand at their logarithms. */
const wideRange = 20;

/** Measured numbers by the value of an option; the middle half of the heights and all strong points are in sight, what is far above is not. */
export function valuePlot(
  points: readonly ValuePoint[],
  {
    x,
    y,
    width,
    height,
  }: { readonly x: string; readonly y: string; readonly width: number; readonly height: number },
): TopLevelSpec {
  const heights = heightsOf(points);
  const shown = points.filter((point) => point.y <= heights[1]);
  const up = { type: 'quantitative', scale: { domain: heights, nice: false, clamp: true } } as const;
  return {
    ...common('narrow'),
    width,
    height,
    data: { values: [...shown] },
    encoding: { x: { field: 'x', title: x, ...acrossOf(points) } },
    layer: [
      {
        mark: { type: 'rule', color: inks.muted, strokeWidth: 1.2 },
        encoding: { y: { field: 'low', ...up, title: y }, y2: { field: 'high' } },
      },
      {
        transform: [{ filter: '!datum.strong' }],
        mark: { type: 'point', size: 45, opacity: 1, color: inks.muted },
        encoding: { y: { field: 'y', ...up, title: y, axis: { tickCount: 5 } } },
      },
      {
        transform: [{ filter: 'datum.strong' }],
        mark: { type: 'point', filled: true, size: 60, opacity: 1, color: inks.series[0] },
        encoding: { y: { field: 'y', ...up, title: y, axis: { tickCount: 5 } } },
      },
    ],
  };
}

function acrossOf(points: readonly ValuePoint[]) {
  const numbers = points.flatMap(({ x }) => (typeof x === 'number' ? [x] : []));
  if (numbers.length < points.length)
    return { type: 'nominal', axis: { labelAngle: 0, grid: false } } as const;
  const isWide = Math.min(...numbers) > 0 && Math.max(...numbers) >= wideRange * Math.min(...numbers);
  if (!isWide) {
    const axis = { grid: false, tickCount: 5, format: '~g' } as const;
    return { type: 'quantitative', scale: { zero: false, padding: 12 }, axis } as const;
  }
  const { domain, marks } = logScale(numbers);
  const scale = { type: 'log', domain, nice: false, padding: 12 } as const;
  return { type: 'quantitative', scale, axis: { grid: false, format: '~g', values: marks } } as const;
}

/** A few values that are far too large must not press the others together. */
function heightsOf(points: readonly ValuePoint[]): [low: number, high: number] {
  const sorted = points.map(({ y }) => y).sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const ends = points.filter(({ strong }) => strong).flatMap(({ y, low = y, high = y }) => [low, high]);
  const top = Math.max(at(0.75) + 1.5 * (at(0.75) - at(0.25)), ...ends);
  const [least, most] = [Math.min(at(0), ...ends), Math.min(top, Math.max(at(1), ...ends))];
  const margin = 0.06 * (most - least || Math.abs(most) || 1);
  return [least - margin, most + margin];
}
