import type { LossRow } from '../../training/loss-file.js';
import { lossHistogram } from '../charts/loss-histogram.js';
import { cell, numberCell, type Section } from '../document/document.js';
import { score } from '../format.js';
import type { RunFacts } from './run-facts.js';

/** Texts that are listed. */
const listed = 20;

/** How losses are spread over the test texts, and which are the largest. */
export function lossSection({ losses }: RunFacts): Section | undefined {
  if (losses === undefined) return undefined;
  const worst = [...losses].sort((one, other) => other.loss - one.loss).slice(0, listed);
  return {
    heading: 'Losses of single test texts',
    blocks: [
      {
        kind: 'chart',
        chart: lossHistogram(
          losses.map(({ loss, label, prediction }) => ({ loss, right: label === prediction })),
        ),
      },
      {
        kind: 'folded',
        summary: `The ${worst.length} test texts with the largest losses`,
        blocks: [{ kind: 'table', table: worstTable(worst) }],
      },
    ],
  };
}

const worstTable = (worst: readonly LossRow[]) =>
  ({
    name: 'Test texts with the largest losses',
    caption:
      'Labels may be wrong where a good model is so sure of another class. The id says where in the data the text stands.',
    header: ['id', 'label', 'predicted', 'loss'],
    rows: worst.map(({ id, label, prediction, loss }) => ({
      name: id,
      cells: [cell(label), cell(prediction), numberCell(loss, score)],
    })),
    kind: 'words',
  }) as const;
