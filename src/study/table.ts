import { stringify } from 'csv-stringify/sync';
import { readHistory } from '../training/history.js';
import { runPaths } from '../training/run-paths.js';
import type { PlannedRun } from './plan.js';
import type { RunState, StudyFolder } from './study-folder.js';

/**
 * The columns of table.csv. Loss, accuracy and macro F1 are means over the n test examples; epochs counts those that were trained; seconds is
 * the wall time of epochs, without what an interruption lost; warnings are codes, for a run without a result that of its error.
 */
const columns = [
  ...['row', 'column', 'size', 'cell', 'preset', 'seed', 'status'],
  ...['n', 'loss', 'accuracy', 'macroF1', 'bestEpoch', 'epochs', 'seconds', 'warnings'],
];

type TableLine = Readonly<Record<string, string | number | undefined>>;

/**
 * table.csv of a study: a line for each run of its plan, in the plan's order.
 *
 * @throws AdvError RUN_DIRECTORY when a run is damaged or not that of the plan
 */
export async function studyTable(folder: StudyFolder, runs: readonly PlannedRun[]): Promise<string> {
  const lines: TableLine[] = [];
  for (const run of runs) lines.push(await tableLine(folder, run, await folder.stateOf(run)));
  return stringify(lines, { header: true, columns });
}

async function tableLine(folder: StudyFolder, run: PlannedRun, state: RunState): Promise<TableLine> {
  const { row, column, size, seed, options } = run;
  const { cell = 'gru', preset = 'best' } = options;
  const named = { row, column, size, cell, preset, seed, status: state.status };
  if ('failure' in state) return { ...named, warnings: state.failure.code };
  if (state.status !== 'done') return named;
  const { result, warnings = [] } = state.record;
  const history = await readHistory(runPaths(folder.runPath(run)).history);
  return {
    ...named,
    ...result?.test,
    bestEpoch: result?.best.epoch,
    epochs: history.length - 1,
    seconds: Number(history.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(1)),
    warnings: warnings.map(({ code }) => code).join(' '),
  };
}
