import { writtenOptions } from '../study/tune/files.js';
import type { SweptValue } from '../study/tune/read-tune.js';
import type { TuneResult } from '../study/tune/result.js';
import { duration, plural, score } from './format.js';
import { table } from './tables.js';

/** What a search or a sweep has come to. */
export function tuneReport(result: TuneResult): string {
  const { method, trials, seconds, testPart, tune, table: path, sweepTable, command } = result;
  const facts = [
    ['folder', tune],
    ['method', `${method}: ${plural(trials, 'trial')} in ${duration(seconds)}`],
    ...defaultsRow(result),
    ['test part', testPart],
    ['table', [path, ...(sweepTable === null ? [] : [sweepTable])].join(', ')],
  ];
  return [
    result.sweep === null ? leadersTable(result) : sweepTableOf(result.sweep),
    '',
    table(['', ''], facts).trimStart(),
    '',
    'Train with the best options, and test once, by:',
    command,
  ].join('\n');
}

function leadersTable({ leaders }: TuneResult): string {
  const names = Object.keys(leaders[0]?.options ?? {});
  const rows = leaders.map(({ trial, options, best, epochs, status }) => {
    const written = writtenOptions(options);
    return [
      String(trial),
      ...names.map((name) => written[name] ?? ''),
      ...[best?.loss, best?.accuracy, best?.macroF1].map((value) =>
        value === undefined ? '' : score(value),
      ),
      String(epochs),
      status,
    ];
  });
  return table(['trial', ...names, 'valid loss', 'accuracy', 'macro F1', 'epochs', 'status'], rows);
}

function defaultsRow({ defaults }: TuneResult): string[][] {
  if (defaults === null) return [];
  const { best, trial } = defaults;
  return [
    ['defaults', `trial ${trial}: ${best === null ? 'no result' : `validation loss ${score(best.loss)}`}`],
  ];
}

/** Characters across the chart of a sweep. */
const chartWidth = 40;

/** Mean validation loss over seeds of each value, in numbers and as points with their intervals on one scale. */
function sweepTableOf(values: readonly SweptValue[]): string {
  const bounds = values.flatMap(({ loss }) => (loss === null ? [] : (loss.ci95 ?? [loss.mean])));
  const [low, high] = [Math.min(...bounds), Math.max(...bounds)];
  const place = (value: number): number =>
    high > low ? Math.round(((value - low) / (high - low)) * (chartWidth - 1)) : 0;
  const names = Object.keys(values[0]?.options ?? {});
  const rows = values.map(({ options, loss, accuracy }) => {
    const written = writtenOptions(options);
    return [
      ...names.map((name) => written[name] ?? ''),
      String(loss?.n ?? 0),
      loss === null ? '' : score(loss.mean),
      loss?.ci95 == null ? '' : loss.ci95.map(score).join(' to '),
      accuracy === null ? '' : score(accuracy.mean),
      loss === null ? '' : drawn(place(loss.mean), (loss.ci95 ?? [loss.mean, loss.mean]).map(place)),
    ];
  });
  return table(
    [...names, 'seeds', 'valid loss', '95 % interval', 'accuracy', 'valid loss from low to high'],
    rows,
  );
}

function drawn(mean: number, [low = mean, high = mean]: readonly number[]): string {
  const marks = Array.from({ length: chartWidth }, (_, place) =>
    place === mean ? 'o' : place >= low && place <= high ? '-' : ' ',
  );
  return marks.join('').trimEnd();
}
