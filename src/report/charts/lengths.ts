import type { DatasetDescription } from '../../inspect/describe/description.js';
import type { Distribution } from '../../statistics/distribution.js';
import { count, plural } from '../format.js';
import { inks } from '../palette.js';
import { common, marksAlong, type DescribedChart } from './described-chart.js';

/** The histogram of the training texts' lengths. */
export function lengthChart({ splits, level, maxTokens }: DatasetDescription): DescribedChart {
  const unit = level === 'char' ? 'characters' : 'words';
  const { bars, width, open } = barsOf(splits[0]?.tokensInText.histogram ?? []);
  const [start, end] = [bars[0]?.from ?? 0, bars.at(-1)?.to ?? 0];
  const limit = maxTokens < end ? [{ limit: maxTokens }] : [];
  return {
    caption: [
      `Number of training texts by their length in ${unit}`,
      width === 1 ? '.' : `, ${count(width)} lengths per bar.`,
      open === undefined ? '' : ` Not shown: ${plural(open.count, 'text')} of ${count(open.from)} or more.`,
      limit.length === 0 ? '' : ` A model sees the first ${count(maxTokens)} of a text (dashed line).`,
    ].join(''),
    alternative: `Histogram of lengths in ${unit}; their mean and quantiles are in the table of splits.`,
    specification: (form) => ({
      ...common(form),
      height: 220,
      layer: [
        {
          data: { values: bars },
          mark: { type: 'bar', binSpacing: 1, color: inks.series[0] },
          encoding: {
            x: {
              field: 'from',
              type: 'quantitative',
              bin: { binned: true },
              scale: { domain: [start, end], nice: false },
              axis: { tickCount: marksAlong[form], tickMinStep: 1, grid: false },
              title: `${unit} in a text`,
            },
            x2: { field: 'to' },
            y: {
              field: 'texts',
              type: 'quantitative',
              axis: { tickCount: 6, tickMinStep: 1 },
              title: 'texts',
            },
          },
        },
        {
          data: { values: limit },
          mark: { type: 'rule', strokeDash: [5, 4], strokeWidth: 1.5, color: inks.series[1] },
          encoding: { x: { field: 'limit', type: 'quantitative' } },
        },
      ],
    }),
  };
}

/** The closed bars, how many lengths each holds, and the open bar. The bar of a single length has it in its middle. */
function barsOf(histogram: Distribution['histogram']) {
  const closed = histogram.flatMap(({ from, to, count: texts }) =>
    to === null ? [] : [{ from, to, texts }],
  );
  const width = closed[0] === undefined ? 1 : closed[0].to - closed[0].from;
  const shift = width === 1 ? 0.5 : 0;
  return {
    width,
    bars: closed.map(({ from, to, texts }) => ({ from: from - shift, to: to - shift, texts })),
    open: histogram.find(({ to }) => to === null),
  };
}
