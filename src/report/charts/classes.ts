import type { DatasetDescription } from '../../inspect/describe/description.js';
import { count } from '../format.js';
import { inks } from '../palette.js';
import { common, marksAlong, type DescribedChart } from './described-chart.js';

/** Classes that are drawn; tables have all. */
const mostClasses = 40;

/** Pixels of a bar, and the share of a class's height that stays free between classes. */
const barHeight = 9;
const gap = 0.3;

/** Pixels of a class's name, more of which is cut off. */
const nameWidths = { wide: 300, narrow: 130 };

/** The share that each class has in each split. */
export function classChart({ labels, splits }: DatasetDescription): DescribedChart {
  const names = splits.map(({ split }) => split);
  const drawn = largest(splits[0]?.classes.counts ?? []);
  const values = splits.flatMap(({ split, examples, classes }) =>
    classes.counts
      .filter(({ label }) => drawn.has(label))
      .map(({ label, count: texts }) => ({ split, label, share: texts / examples })),
  );
  const some =
    drawn.size === labels.length
      ? ''
      : ` Only the ${drawn.size} of ${count(labels.length)} classes with the most training examples are shown.`;
  return {
    caption: `Share of each class in the examples of a split.${some}`,
    alternative: 'A bar for each class and split; the table below has the numbers.',
    specification: (form) => ({
      ...common(form),
      height: (drawn.size * names.length * barHeight) / (1 - gap),
      data: { values },
      mark: 'bar',
      encoding: {
        y: {
          field: 'label',
          type: 'nominal',
          sort: labels.filter((label) => drawn.has(label)),
          scale: { paddingInner: gap },
          axis: { labelLimit: nameWidths[form], labelPadding: 6, ticks: false },
          title: null,
        },
        yOffset: { field: 'split', type: 'nominal', sort: names },
        x: {
          field: 'share',
          type: 'quantitative',
          axis: { format: '~%', tickCount: marksAlong[form] },
          title: 'share of the split',
        },
        color: {
          field: 'split',
          type: 'nominal',
          scale: { domain: names, range: [...inks.series] },
          legend: { orient: 'top' },
          title: null,
        },
      },
    }),
  };
}

function largest(counts: readonly { readonly label: string; readonly count: number }[]): Set<string> {
  const sorted = [...counts].sort((a, b) => b.count - a.count);
  return new Set(sorted.slice(0, mostClasses).map(({ label }) => label));
}
