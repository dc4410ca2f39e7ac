import type { TopLevelSpec } from 'vega-lite';
import { inks } from '../palette.js';
import { common, type DescribedChart, type Form } from './described-chart.js';

/** An effect and its interval. */
export interface ForestLine {
  /** Lines of one row stand together under its name. */
  readonly row: string;
  readonly column: string;
  readonly middle: number;
  readonly low: number;
  readonly high: number;
  /** Where it is clear, to which side. */
  readonly direction: 'smaller' | 'larger' | undefined;
}

const lineHeight = 18;

/** Shares beyond which intervals are cut off, so that one does not squeeze all others. */
const widest = 0.6;

/** Pixels of the columns' names, and of the part where the effects are. */
const nameWidth = 126;
const plotWidths = { wide: 500, narrow: 195 };

const looks = { domain: ['smaller', 'larger', 'none'], shapes: ['circle', 'square', 'circle'] };

/** Effects with their intervals, a line each, around a line of no effect. */
export function forestChart(
  lines: readonly ForestLine[],
  { caption, axis }: { readonly caption: string; readonly axis: Readonly<Record<Form, string>> },
): DescribedChart {
  const cut = lines.some(({ low, high }) => low < -widest || high > widest);
  const clear = lines.filter(({ direction }) => direction !== undefined).length;
  return {
    caption: cut ? `${caption} What lies beyond ${(100 * widest).toFixed(0)}% is cut off there.` : caption,
    alternative: `${lines.length} differences with intervals, ${clear} of them clear; the table below has the numbers.`,
    specification: (form) => specificationOf(lines, axis[form], form),
  };
}

function specificationOf(lines: readonly ForestLine[], axis: string, form: Form): TopLevelSpec {
  const { titles, effects, count } = placesOf(lines);
  const domain: [number, number] = [count, 0];
  const y = {
    field: 'place',
    type: 'quantitative',
    axis: null,
    scale: { domain, nice: false },
  } as const;
  const colours = (none: string) => ({
    field: 'direction',
    scale: { domain: looks.domain, range: [inks.series[0], inks.series[1], none] },
    legend: null,
  });
  const name = { type: 'text', align: 'left', fontSize: 12, color: inks.text } as const;
  return {
    ...common(form),
    autosize: { type: 'pad' },
    width: plotWidths[form],
    height: count * lineHeight,
    layer: [
      {
        data: { values: [{ x: 0 }] },
        mark: { type: 'rule', color: inks.text, strokeWidth: 1.2 },
        encoding: { x: { field: 'x', type: 'quantitative' } },
      },
      {
        data: { values: titles },
        mark: { ...name, fontWeight: 'bold', x: -nameWidth, ...(form === 'wide' ? {} : { limit: 320 }) },
        encoding: { y, text: { field: 'row' } },
      },
      {
        data: { values: effects },
        encoding: { y },
        layer: [
          { mark: { ...name, x: -nameWidth }, encoding: { text: { field: 'column' } } },
          {
            mark: { type: 'rule', strokeWidth: 1.6, color: inks.muted },
            encoding: {
              x: {
                field: 'low',
                type: 'quantitative',
                axis: { format: '+.0%', tickCount: form === 'wide' ? 8 : 4 },
                title: axis,
              },
              x2: { field: 'high' },
            },
          },
          {
            mark: { type: 'point', size: 60, opacity: 1, strokeWidth: 1.6 },
            encoding: {
              x: { field: 'middle', type: 'quantitative' },
              shape: {
                field: 'direction',
                scale: { domain: looks.domain, range: looks.shapes },
                legend: null,
              },
              fill: colours(inks.background),
              stroke: colours(inks.muted),
            },
          },
        ],
      },
    ],
  };
}

/** A line for the name of each row, and one for each of its effects. */
function placesOf(lines: readonly ForestLine[]) {
  const bound = (value: number): number => Math.max(-widest, Math.min(widest, value));
  const titles: { place: number; row: string }[] = [];
  let place = 0.5;
  const effects = lines.map(({ row, column, middle, low, high, direction = 'none' }) => {
    if (titles.at(-1)?.row !== row) titles.push({ place: place++, row });
    return { place: place++, column, direction, middle: bound(middle), low: bound(low), high: bound(high) };
  });
  return { titles, effects, count: place - 0.5 };
}
