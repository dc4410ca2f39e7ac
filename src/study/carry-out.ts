import type { Watch } from '../base/events.js';
import { writeAtomically } from '../base/storage/atomic-file.js';
import { analyseStudy } from './analysis/analyse.js';
import { checkReproduceOptions } from './make-plan.js';
import type { StudyAnalysis } from './analysis/study-analysis.js';
import type { ReproduceOptions } from './options.js';
import type { StudyOutcome } from './outcomes.js';
import { plannedRuns } from './plan.js';
import { folderOf, settlePlan, wantedRuns } from './settle-plan.js';
import { workBySlurm } from './slurm/work-by-slurm.js';
import { StudyFolder } from './study-folder.js';
import { studySummary, type CellSummary } from './summary.js';
import { studyTable } from './table.js';
import { workOn } from './work.js';

/** What a study has come to, in tables. */
export interface StudyTables extends StudyOutcome {
  /** The folder of the study. */
  readonly study: string;
  /** What the finished runs reached, a row, column and size each; in the plan's order. */
  readonly cells: readonly CellSummary[];
  /** Path of table.csv, a line a run, and of summary.csv, a line for each row, column and size. */
  readonly table: string;
  readonly summary: string;
}

/** A study that nothing is left to do of for this process. */
export interface CarriedOutStudy {
  readonly tables: StudyTables;
  /** What its page tells. */
  readonly analysis: StudyAnalysis;
}

/**
 * Carries out a study: trains each row of its plan with each column and seed, skips what is done, and writes table.csv, also where it is stopped, and summary.csv. It may be stopped at any point and called again with the same folder, also by many processes at once: each run is
 * claimed by one of them. A run that fails is noted and does not stop the others.
 *
 * @param watch a signal that stops the study with the state of its runs saved, and a receiver of progress
 * @throws AdvError USAGE when options are wrong or the folder has another plan, INTERRUPTED, STORAGE, RUN_DIRECTORY, LAUNCHER when a
 *   batch system is not there or refuses
 */
export async function carryOut(options: ReproduceOptions, watch: Watch = {}): Promise<CarriedOutStudy> {
  checkReproduceOptions(options);
  const folder = new StudyFolder(folderOf(options));
  const plan = await settlePlan(folder, options);
  const runs = wantedRuns(plan, options);
  // Whatever is wrong with what is there is told before hours of work.
  await studyTable(folder, plannedRuns(plan));
  try {
    const work = options.launcher === 'slurm' ? workBySlurm : workOn;
    const outcome = await work({ folder, runs, options }, watch);
    watch.onProgress?.({ kind: 'stage', text: 'comparing the columns' });
    const analysis = await analyseStudy(folder, plan, watch);
    const { csv, cells } = studySummary(analysis);
    await writeAtomically(folder.summaryPath, [csv]);
    const paths = { table: folder.tablePath, summary: folder.summaryPath };
    return { tables: { study: folder.path, ...outcome, cells, ...paths }, analysis };
  } finally {
    await writeAtomically(folder.tablePath, [await studyTable(folder, plannedRuns(plan))]);
  }
}
