import { at } from '../../base/at.js';
import { meanInterval } from '../../statistics/mean-interval.js';
import type { FullComparison } from '../../training/compare.js';
import type { LossPairs } from '../../training/loss-pairs.js';
import { differenceHistogram } from '../charts/difference-histogram.js';
import { numberCell, type Block, type ReportDocument, type TableRow } from '../document/document.js';
import { count, score } from '../format.js';
import { comparisonReport } from '../tables.js';

/** How two models differ on the same test texts, in numbers and as they are spread over texts and classes. */
export function comparisonDocument(a: string, b: string, full: FullComparison): ReportDocument {
  const { comparison, pairs, loss } = full;
  const differences = Array.from(pairs.a, (ofA, place) => ofA - at(pairs.b, place));
  const lines = comparisonReport(a, b, comparison).split('\n');
  return {
    title: 'Two models on the same texts',
    opening: lines.map((text): Block => ({ kind: 'text', text })),
    sections: [
      {
        heading: 'Differences of the losses',
        blocks: [{ kind: 'chart', chart: differenceHistogram(differences) }],
      },
      {
        heading: 'Right and wrong',
        blocks: [{ kind: 'table', table: { ...agreement(pairs), kind: 'numbers' } }],
      },
      {
        heading: 'Each class',
        blocks: [
          {
            kind: 'table',
            table: {
              name: 'Each class',
              caption:
                'Mean losses and accuracies of the texts of a class. Difference: a − b, below 0 where a is better, with its 95% interval over texts.',
              header: [
                'class',
                'texts',
                'loss of a',
                'loss of b',
                'difference',
                '95% from',
                '95% to',
                'accuracy of a',
                'accuracy of b',
              ],
              rows: classRows(pairs, differences),
              kind: 'numbers',
            },
          },
        ],
      },
    ],
    footer: `Losses are ${loss === 'squared' ? 'squared errors' : 'cross-entropies in nats'}. This compares two models, not two methods: repeat it with several seeds before judging a method.`,
  };
}

function agreement({ rightA, rightB }: LossPairs) {
  const number = (a: boolean, b: boolean): number =>
    rightA.filter((right, place) => right === a && rightB[place] === b).length;
  const row = (name: string, a: boolean): TableRow => ({
    name,
    cells: [numberCell(number(a, true), count), numberCell(number(a, false), count)],
  });
  return {
    name: 'Right and wrong',
    caption:
      'Texts by whether each model predicts their class. McNemar’s test compares the two places in which one of them alone is right.',
    header: ['', 'b right', 'b wrong'],
    rows: [row('a right', true), row('a wrong', false)],
  };
}

function classRows({ a, b, labels, rightA, rightB }: LossPairs, differences: readonly number[]): TableRow[] {
  return [...new Set(labels)].sort().map((label) => {
    const places = labels.flatMap((one, place) => (one === label ? [place] : []));
    const mean = (of: (place: number) => number): number => meanInterval(places.map(of)).mean;
    const difference = meanInterval(places.map((place) => at(differences, place)));
    return {
      name: label,
      cells: [
        numberCell(places.length, count),
        numberCell(
          mean((place) => at(a, place)),
          score,
        ),
        numberCell(
          mean((place) => at(b, place)),
          score,
        ),
        ...[difference.mean, difference.ci95?.[0], difference.ci95?.[1]].map((value) =>
          numberCell(value, signed),
        ),
        numberCell(
          mean((place) => Number(rightA[place])),
          score,
        ),
        numberCell(
          mean((place) => Number(rightB[place])),
          score,
        ),
      ],
    };
  });
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${score(Math.abs(value))}`;
