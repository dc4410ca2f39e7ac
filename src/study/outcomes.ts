import type { ReproduceOptions } from './options.js';
import { runName, type PlannedRun } from './plan.js';
import type { RunFailure, RunState } from './study-folder.js';

/** What became of a run, or that another process works on it. */
export type Outcome = RunState | { readonly status: 'held' };

/** What the runs of a study have come to. */
export interface StudyOutcome {
  /** Runs of the plan, of the rows that were asked for; `held` are being worked on elsewhere. */
  readonly runs: {
    readonly total: number;
    readonly done: number;
    readonly failed: number;
    readonly missing: number;
    readonly held: number;
    readonly open: number;
  };
  /** What failed, or has no data here. */
  readonly failures: readonly ({ readonly run: string } & RunFailure)[];
}

/** Whether a run is to be carried out. */
export function isToDo({ status }: RunState, { retry = false }: ReproduceOptions): boolean {
  // Data that was not here may be by now.
  return status === 'failed' ? retry : status !== 'done';
}

/** Counts what runs have come to, as far as it is known. */
export function countOutcomes(
  runs: readonly PlannedRun[],
  known: ReadonlyMap<PlannedRun, Outcome>,
): StudyOutcome {
  const outcomes = runs.map((run) => [run, known.get(run)] as const);
  const count = (...wanted: Outcome['status'][]): number =>
    outcomes.filter(([, outcome]) => outcome !== undefined && wanted.includes(outcome.status)).length;
  return {
    runs: {
      ...{ total: runs.length, done: count('done'), failed: count('failed'), missing: count('missing') },
      ...{ held: count('held'), open: count('waiting', 'begun') },
    },
    failures: outcomes.flatMap(([run, outcome]) =>
      outcome !== undefined && 'failure' in outcome ? [{ run: runName(run), ...outcome.failure }] : [],
    ),
  };
}
