import type { TopLevelSpec } from 'vega-lite';
import type { DatasetDescription } from '../data/describe/description.js';
import type { RankFrequency } from '../data/describe/zipf.js';
import { count, plural } from './format.js';

/** A chart and what it shows. */
export interface DescribedChart {
  readonly title: string;
  /** What a reader must know to read it. */
  readonly caption: string;
  readonly specification: TopLevelSpec;
}

const width = 640;

/** Pixels of a class's bars, for each split. */
const barHeight = 12;

/** What all charts have in common. */
const common = {
  background: 'white',
  config: { axis: { titleFontWeight: 'normal' }, view: { stroke: null } },
} as const;

/** The charts of a description: lengths, classes, and frequency by rank. */
export function descriptionCharts(description: DatasetDescription): DescribedChart[] {
  return [lengthChart(description), classChart(description), rankChart(description)];
}

/** The histogram of the training texts' lengths. */
function lengthChart({ splits, level, maxTokens }: DatasetDescription): DescribedChart {
  const unit = level === 'char' ? 'characters' : 'words';
  const histogram = splits[0]?.tokensInText.histogram ?? [];
  const closed = histogram.flatMap(({ from, to, count: texts }) =>
    to === null ? [] : [{ from, to, texts }],
  );
  const open = histogram.find(({ to }) => to === null);
  const beyond =
    open === undefined ? '' : ` Not shown: ${plural(open.count, 'text')} of ${count(open.from)} or more.`;
  const end = closed.at(-1)?.to ?? 0;
  const limit = maxTokens < end ? [{ limit: maxTokens }] : [];
  const cut = limit.length === 0 ? '' : ` A model sees the first ${maxTokens} of a text (line).`;
  return {
    title: 'Text length',
    caption: `Training texts by their length in ${unit}.${beyond}${cut}`,
    specification: {
      ...common,
      width,
      height: 220,
      layer: [
        {
          data: { values: closed },
          mark: { type: 'bar', binSpacing: 1, color: '#4c78a8' },
          encoding: {
            x: { field: 'from', bin: { binned: true }, type: 'quantitative', title: `${unit} in a text` },
            x2: { field: 'to' },
            y: { field: 'texts', type: 'quantitative', title: 'texts' },
          },
        },
        {
          data: { values: limit },
          mark: { type: 'rule', strokeDash: [4, 4], color: '#e45756' },
          encoding: { x: { field: 'limit', type: 'quantitative' } },
        },
      ],
    },
  };
}

/** The share that each class has in each split. */
function classChart({ labels, splits }: DatasetDescription): DescribedChart {
  const names = splits.map(({ split }) => split);
  const values = splits.flatMap(({ split, examples, classes }) =>
    classes.counts.map(({ label, count: texts }) => ({ split, label, share: texts / examples })),
  );
  return {
    title: 'Class balance',
    caption: 'Share of the examples of a split that each class has.',
    specification: {
      ...common,
      width,
      height: { step: barHeight },
      data: { values },
      mark: 'bar',
      encoding: {
        y: {
          field: 'label',
          type: 'nominal',
          sort: [...labels],
          title: null,
          axis: { labelLimit: 200 },
          scale: { paddingInner: 0.3 },
        },
        yOffset: { field: 'split', type: 'nominal', sort: names },
        x: { field: 'share', type: 'quantitative', axis: { format: '~%' }, title: 'share of the split' },
        color: {
          field: 'split',
          type: 'nominal',
          scale: { domain: names, scheme: 'tableau10' },
          title: null,
          legend: { orient: 'top' },
        },
      },
    },
  };
}

/** Frequency by rank on logarithmic axes, with the fitted law. */
function rankChart({ vocabulary, splits }: DatasetDescription): DescribedChart {
  const { ranks, zipfExponent, types } = vocabulary;
  const fitted = zipfExponent === null ? [] : fittedLine(ranks, zipfExponent, types, splits[0]?.tokens ?? 0);
  const values = [
    ...ranks.map((point) => ({ ...point, what: 'observed' })),
    ...fitted.map((point) => ({ ...point, what: "Zipf's law" })),
  ];
  const exponent = zipfExponent === null ? '' : ` Zipf's law with exponent ${zipfExponent.toFixed(3)}.`;
  return {
    title: 'Token frequency by rank',
    caption: `Training tokens, the most frequent first, on logarithmic axes.${exponent}`,
    specification: {
      ...common,
      width,
      height: 320,
      data: { values },
      layer: [
        {
          transform: [{ filter: "datum.what === 'observed'" }],
          mark: { type: 'point', filled: true, size: 14 },
        },
        { transform: [{ filter: "datum.what !== 'observed'" }], mark: { type: 'line', strokeWidth: 1.5 } },
      ],
      encoding: {
        x: {
          field: 'rank',
          type: 'quantitative',
          scale: { type: 'log' },
          axis: logAxis(values.map(({ rank }) => rank)),
          title: 'rank',
        },
        y: {
          field: 'frequency',
          type: 'quantitative',
          scale: { type: 'log' },
          axis: logAxis(values.map(({ frequency }) => frequency)),
          title: 'frequency',
        },
        color: {
          field: 'what',
          type: 'nominal',
          scale: { domain: ['observed', "Zipf's law"], range: ['#4c78a8', '#f58518'] },
          title: null,
          legend: { orient: 'top' },
        },
      },
    },
  };
}

/** A logarithmic axis with marks at powers of ten only: all in between would make a grey field. */
function logAxis(values: readonly number[]): { format: string; values: number[] } {
  const powers = Math.ceil(Math.log10(Math.max(...values, 1)));
  return { format: '~s', values: Array.from({ length: powers + 1 }, (_, power) => 10 ** power) };
}

/** What the law says at the ranks of the curve; what is far below one occurrence is left out. */
function fittedLine(
  ranks: readonly RankFrequency[],
  exponent: number,
  types: number,
  tokens: number,
): RankFrequency[] {
  let weights = 0;
  for (let rank = 1; rank <= types; rank++) weights += rank ** -exponent;
  return ranks
    .map(({ rank }) => ({ rank, frequency: (tokens * rank ** -exponent) / weights }))
    .filter(({ frequency }) => frequency >= 0.5);
}
