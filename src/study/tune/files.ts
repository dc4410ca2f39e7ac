import { stringify } from 'csv-stringify/sync';
import { writtenValue } from '../../recipe/command-line.js';
import { trainOptions, type TrainOptions } from '../../recipe/table.js';
import type { MeanInterval } from '../../statistics/mean-interval.js';
import type { Tuned } from './read-tune.js';

type Cells = Readonly<Record<string, string | number | null | undefined>>;

/**
 * trials.csv: a line a trial. After the number come the options that vary, by their names in programs; `rung` is how many of tune.json's
 * shares of its epochs it has had. Loss, accuracy and macro F1 are of the best epoch on validation texts.
 */
export function trialsCsv({ asked, trials }: Tuned): string {
  const names = [...Object.keys(asked.space), ...(asked.method === 'sweep' ? ['seed'] : [])];
  const columns = [
    ...['trial', ...names, 'rung', 'epochs', 'bestEpoch'],
    ...['validLoss', 'validAccuracy', 'validMacroF1', 'seconds', 'status'],
  ];
  const lines = trials.map(({ trial, options, rung, epochs, best, seconds, status }): Cells => ({
    ...{ trial, ...writtenOptions(options), rung, epochs, bestEpoch: best?.epoch },
    ...{ validLoss: best?.loss, validAccuracy: best?.accuracy, validMacroF1: best?.macroF1 },
    ...{ seconds, status },
  }));
  return stringify(lines, { header: true, columns });
}

/** sweep.csv: a line a value, with means over seeds and their 95 % intervals, which one seed has none of. */
export function sweepCsv({ asked, sweep }: Tuned): string {
  const measures = ['validLoss', 'validAccuracy', 'validMacroF1'];
  const columns = [
    ...Object.keys(asked.space),
    'seeds',
    ...measures.flatMap((name) => [name, `${name}Low`, `${name}High`]),
  ];
  const lines = (sweep ?? []).map(({ options, loss, accuracy, macroF1 }): Cells => ({
    ...writtenOptions(options),
    seeds: loss?.n ?? 0,
    ...interval('validLoss', loss),
    ...interval('validAccuracy', accuracy),
    ...interval('validMacroF1', macroF1),
  }));
  return stringify(lines, { header: true, columns });
}

function interval(name: string, measured: MeanInterval | null): Cells {
  return {
    [name]: measured?.mean,
    [`${name}Low`]: measured?.ci95?.[0],
    [`${name}High`]: measured?.ci95?.[1],
  };
}

/** Options as the command line takes them; what is left out is 'none'. */
export function writtenOptions(options: TrainOptions): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name,
      value === null || value === false
        ? 'none'
        : writtenValue(trainOptions[name as keyof typeof trainOptions], value),
    ]),
  );
}
