import { at } from '../../base/at.js';
import type { ClassificationMetrics, ClassMetrics } from '../../statistics/metrics.js';
import { cell, numberCell, type ReportTable, type Section } from '../document/document.js';
import { count, score, share } from '../format.js';
import type { RunFacts } from './run-facts.js';

/** A matrix of more classes nobody reads; the pairs that are mixed up most stand in its place. */
export const mostClasses = 40;

/** How many of them. */
const mostPairs = 40;

/** What is found of each class, and what is taken for what. */
export function classSections({ test, record }: RunFacts): Section[] {
  if (test === undefined) {
    if (record.result?.test == null) return [];
    const text =
      'The losses of the test texts are not kept beside this run: what each class reached is not known.';
    return [{ heading: 'Classes', blocks: [{ kind: 'text', text }] }];
  }
  return [
    { heading: 'Classes', blocks: [{ kind: 'table', table: classTable(test) }] },
    {
      heading: 'Confusion matrix',
      blocks: [
        {
          kind: 'table',
          table: test.perClass.length <= mostClasses ? confusionMatrix(test) : confusedPairs(test),
        },
      ],
    },
  ];
}

/** Precision, recall and F1 of each class. */
export function classTable({ perClass, confusion }: ClassificationMetrics): ReportTable {
  return {
    name: 'Classes on test texts',
    caption:
      'Precision: share of the texts predicted as the class that have it. Recall: share of the texts of the class that are found. F1 is their harmonic mean.',
    header: ['class', 'precision', 'recall', 'F1', 'texts', 'predicted'],
    rows: perClass.map(({ label, precision, recall, f1, support }, place) => ({
      name: label,
      cells: [
        numberCell(precision, score),
        numberCell(recall, score),
        numberCell(f1, score),
        numberCell(support, count),
        numberCell(
          confusion.reduce((sum, row) => sum + at(row, place), 0),
          count,
        ),
      ],
    })),
    kind: 'numbers',
  };
}

/** Counts of true and predicted classes, and how well each class is found. */
interface Predicted {
  readonly perClass: readonly ClassMetrics[];
  readonly confusion: readonly (readonly number[])[];
}

/** Counts of true and predicted classes, shaded by their share of the true class. */
export function confusionMatrix({ perClass, confusion }: Predicted): ReportTable {
  return {
    name: 'Confusion matrix',
    caption:
      'Rows are true classes, columns predicted ones, numbers test texts. The darker a place, the larger its share of the row: a good model is dark ' +
      'on the diagonal alone.',
    header: ['true class', ...perClass.map(({ label }) => label)],
    rows: confusion.map((row, place) => {
      const { label, support } = at(perClass, place);
      return {
        name: label,
        cells: row.map((texts, column) =>
          numberCell(texts, count, { shade: texts / Math.max(1, support), strong: column === place }),
        ),
      };
    }),
    kind: 'matrix',
  };
}

/** The classes that are taken for each other most often. */
export function confusedPairs({ perClass, confusion }: Predicted): ReportTable {
  const label = (place: number): string => at(perClass, place).label;
  const pairs = confusion.flatMap((row, one) =>
    row.flatMap((texts, other) => (one === other || texts === 0 ? [] : [{ one, other, texts }])),
  );
  const shown = pairs.sort((a, b) => b.texts - a.texts).slice(0, mostPairs);
  return {
    name: 'Most frequent confusions',
    caption: `The ${shown.length} most frequent of ${count(pairs.length)} pairs of a true and another predicted class, and their share of the true class.`,
    header: ['true class', 'predicted', 'texts', 'of the class'],
    rows: shown.map(({ one, other, texts }) => ({
      name: label(one),
      cells: [
        cell(label(other)),
        numberCell(texts, count),
        numberCell(texts / at(perClass, one).support, share),
      ],
    })),
    kind: 'numbers',
  };
}
