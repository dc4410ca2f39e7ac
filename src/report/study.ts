import type { StudyResult } from './reproduce.js';
import type { CellSummary } from '../study/summary.js';
import { count, plural, pValue, score } from './format.js';
import { table } from './tables.js';

/** What a study has come to: its cells, and where all is written down. */
export function studyReport(result: StudyResult): string {
  const { runs, failures, cells, table: path, summary, study, report } = result;
  const { total, done, failed, missing, held, open } = runs;
  const counts = { done, failed, 'without data': missing, 'worked on elsewhere': held, open };
  const parts = Object.entries(counts)
    .filter(([name, number]) => number > 0 || name === 'done')
    .map(([name, number]) => `${number} ${name}`);
  const rows = [
    ['study', study],
    ['runs', `${plural(total, 'run')}: ${parts.join(', ')}`],
    ...failureRows(failures),
    ['table', path],
    ['summary', summary],
    ...(report === null ? [] : [['report', report]]),
  ];
  return [...(cells.length === 0 ? [] : [cellTable(cells), '']), table(['', ''], rows).trimStart()].join(
    '\n',
  );
}

/** Each reason once, with the first run that it ended and what to do about it. */
function failureRows(failures: StudyResult['failures']): string[][] {
  const messages = [...new Set(failures.map(({ message }) => message))];
  return messages.map((message) => {
    const [first, ...others] = failures.filter((failure) => failure.message === message);
    const names =
      others.length === 0 ? (first?.run ?? '') : `${first?.run ?? ''} and ${count(others.length)} more`;
    const said = [message, ...(first?.hint === undefined ? [] : [first.hint])].join('\n');
    return [names, said.replaceAll(/[:;]?\s*\n\s*/gu, '; ')];
  });
}

function cellTable(cells: readonly CellSummary[]): string {
  const isOfOneSize = new Set(cells.map(({ size }) => size)).size === 1;
  return table(
    [
      'row',
      'column',
      'seeds',
      'loss',
      'accuracy',
      'macro F1',
      'loss beside vanilla',
      '95% interval',
      'p (Holm)',
    ],
    cells.map(({ row, size, column, seeds, loss, accuracy, macroF1, difference, ci95, pHolm }) => [
      isOfOneSize ? row : `${row} (${size})`,
      column,
      String(seeds),
      ...[loss, accuracy, macroF1].map(score),
      difference === null ? '' : signed(difference),
      ci95 === null ? '' : ci95.map(signed).join(' to '),
      pHolm === null ? '' : pValue(pHolm),
    ]),
  );
}

const signed = (value: number): string => `${value > 0 ? '+' : ''}${score(value)}`;
