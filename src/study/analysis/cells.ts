import type { RunRecord, TestSummary } from '../../training/run-record.js';
import type { PlannedRun } from '../plan.js';
import type { RunState, StudyFolder } from '../study-folder.js';

/** The column with which the others are compared. */
export const reference = 'vanilla';

/** A run and how far it is. */
export interface LookedAtRun {
  readonly run: PlannedRun;
  readonly state: RunState;
}

/** A run that is done, and what it reached on the test part. */
export interface TestedRun {
  readonly run: PlannedRun;
  readonly record: RunRecord;
  readonly test: TestSummary;
}

/** The finished runs of a row, column and size, a run a seed; at least one. */
export interface CellRuns {
  readonly row: string;
  readonly column: string;
  readonly size: string;
  readonly done: readonly TestedRun[];
}

/**
 * Looks at every run of a study.
 *
 * @throws AdvError RUN_DIRECTORY when one is damaged or not that of the plan
 */
export async function lookAtRuns(folder: StudyFolder, runs: readonly PlannedRun[]): Promise<LookedAtRun[]> {
  const looked: LookedAtRun[] = [];
  for (const run of runs) looked.push({ run, state: await folder.stateOf(run) });
  return looked;
}

/** The cells of a study that have a finished, tested run, in the order of the runs. */
export function cellsOf(runs: readonly LookedAtRun[]): CellRuns[] {
  const cells = new Map<string, CellRuns & { done: TestedRun[] }>();
  for (const { run, state } of runs) {
    if (state.status !== 'done') continue;
    const { record } = state;
    const test = record.result?.test;
    if (test == null) continue;
    const { row, column, size } = run;
    const key = [row, column, size].join('/');
    const cell = cells.get(key) ?? { row, column, size, done: [] };
    cell.done.push({ run, record, test });
    cells.set(key, cell);
  }
  return [...cells.values()];
}
