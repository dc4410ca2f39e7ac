import type { Watch } from '../../base/events.js';
import { asInterruption } from '../../base/interruption.js';
import type { Size } from '../../recipe/option.js';
import { isToDo } from '../outcomes.js';
import type { PlannedRun } from '../plan.js';
import { findPlan, folderOf, wantedRuns } from '../settle-plan.js';
import { StudyFolder } from '../study-folder.js';
import { DataReader, type RowReading } from './data-reader.js';
import { readFinished, type FinishedRun } from './finished-runs.js';
import { checkForecastOptions, type ForecastOptions } from './options.js';
import { Forecaster, type RunForecast } from './run-forecast.js';
import { wallSeconds } from './wall-seconds.js';

/** Runs that are counted: all, those that are done, and those that the study would carry out. */
export interface CountedRuns {
  readonly runs: number;
  readonly done: number;
  readonly left: number;
}

/** A column of a row and size: how many runs, and what each is expected to take. */
export interface ColumnForecast extends CountedRuns, RunForecast {
  readonly column: string;
}

/** A row of a study with models of a size. */
export interface RowForecast extends CountedRuns {
  readonly row: string;
  readonly size: Size;
  readonly columns: readonly ColumnForecast[];
}

/** What a study is expected to cost. */
export interface StudyForecast extends CountedRuns {
  /** The folder of the study, which need not be there. */
  readonly study: string;
  readonly rows: readonly RowForecast[];
  /** Runs that are left of whose length nothing is known: they are not in the hours. */
  readonly unknown: number;
  /** Of all runs that are left. */
  readonly coreHours: number;
  /** Until the last run has ended, where each takes one core and the core that is free first takes the next run of the plan. */
  readonly wall: readonly { readonly cores: number; readonly hours: number }[];
}

/** Cores of the machines that a study is forecast for. */
const machines = [2, 16, 128];

const secondsOfHour = 3600;

/** A run and how far it is. */
interface SeenRun {
  readonly run: PlannedRun;
  readonly isLeft: boolean;
  /** Of a run that is done. */
  readonly finished: FinishedRun | undefined;
}

/**
 * Tells what reproduce() would cost, and trains, downloads and writes nothing: how much data each row reads, how long its runs may take on a
 * core like this machine's, and the hours of all runs that are left. A run's length follows from finished runs of the study or, where there
 * are none, from a few steps of its model, timed now on one thread. It is that of epochs and their validation; reading, n-grams, test and export come on top.
 *
 * @param watch a signal that ends it, and a receiver of progress
 * @throws AdvError USAGE when options are wrong or the folder has another plan, RUN_DIRECTORY when a run of the study is damaged,
 *   INTERRUPTED
 */
export async function forecastStudy(
  options: ForecastOptions = {},
  watch: Watch = {},
): Promise<StudyForecast> {
  checkForecastOptions(options);
  try {
    const folder = new StudyFolder(folderOf(options));
    const seen: SeenRun[] = [];
    for (const run of wantedRuns(await findPlan(folder, options), options)) {
      seen.push(await look(folder, run, options));
    }
    const rows = await forecastRows(seen, options, watch);
    return { study: folder.path, ...countRuns(seen), rows, ...costOf(seen, rows) };
  } catch (error) {
    throw asInterruption(error, watch.signal);
  }
}

async function look(folder: StudyFolder, run: PlannedRun, options: ForecastOptions): Promise<SeenRun> {
  const state = await folder.stateOf(run);
  const finished =
    state.status === 'done' ? await readFinished(folder.runPath(run), run.column, state.record) : undefined;
  return { run, isLeft: isToDo(state, options), finished };
}

async function forecastRows(
  seen: readonly SeenRun[],
  { dataDir }: ForecastOptions,
  watch: Watch,
): Promise<RowForecast[]> {
  const reader = new DataReader(dataDir, watch);
  const forecaster = new Forecaster(watch);
  const rows: RowForecast[] = [];
  for (const [name, ofRow] of groupedBy(seen, ({ run }) => `${run.row} (${run.size})`)) {
    const columns = groupedBy(ofRow, ({ run }) => run.column);
    const readings = new Map<string, RowReading>();
    for (const [column, [first]] of columns) readings.set(column, await reader.read(first.run.options));
    const finished = ofRow.flatMap((one) => one.finished ?? []);
    const forecasts = await forecaster.forecast({ name, readings, finished });
    const { row, size } = ofRow[0].run;
    rows.push({
      ...{ row, size, ...countRuns(ofRow) },
      columns: [...columns].flatMap(([column, runs]) => {
        const forecast = forecasts.get(column);
        return forecast === undefined ? [] : [{ column, ...countRuns(runs), ...forecast }];
      }),
    });
  }
  return rows;
}

const countRuns = (seen: readonly SeenRun[]): CountedRuns => ({
  runs: seen.length,
  done: seen.filter(({ finished }) => finished !== undefined).length,
  left: seen.filter(({ isLeft }) => isLeft).length,
});

function costOf(
  seen: readonly SeenRun[],
  rows: readonly RowForecast[],
): Pick<StudyForecast, 'unknown' | 'coreHours' | 'wall'> {
  const lengths = seen.filter(({ isLeft }) => isLeft).map(({ run }) => secondsOf(run, rows));
  const known = lengths.filter((seconds) => seconds !== null);
  return {
    unknown: lengths.length - known.length,
    coreHours: wallSeconds(known, 1) / secondsOfHour,
    wall: machines.map((cores) => ({ cores, hours: wallSeconds(known, cores) / secondsOfHour })),
  };
}

function secondsOf({ row, size, column }: PlannedRun, rows: readonly RowForecast[]): number | null {
  const ofRow = rows.find((one) => one.row === row && one.size === size);
  return ofRow?.columns.find((one) => one.column === column)?.seconds ?? null;
}

/** Groups of one or more, in the order of their first members. */
function groupedBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): Map<string, [Item, ...Item[]]> {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
