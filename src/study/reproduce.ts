import { readFile } from 'node:fs/promises';
import { AdvError } from '../base/errors.js';
import type { Watch } from '../base/events.js';
import { writeAtomically } from '../base/storage/atomic-file.js';
import { systemReason } from '../base/system-error.js';
import { checkReproduceOptions, named, planOf, saysPlan } from './make-plan.js';
import type { ReproduceOptions } from './options.js';
import type { StudyOutcome } from './outcomes.js';
import { parsePlan, planText, plannedRuns, type StudyPlan } from './plan.js';
import { workBySlurm } from './slurm/work-by-slurm.js';
import { StudyFolder } from './study-folder.js';
import { studySummary, type CellSummary } from './summary.js';
import { studyTable } from './table.js';
import { workOn } from './work.js';

/** What a study has come to. */
export interface StudyResult extends StudyOutcome {
  /** The folder of the study. */
  readonly study: string;
  /** What the finished runs reached, a row, column and size each; in the plan's order. */
  readonly cells: readonly CellSummary[];
  /** Path of table.csv, a line a run, and of summary.csv, a line for each row, column and size. */
  readonly table: string;
  readonly summary: string;
}

const defaultFolder = 'study';

/**
 * Repeats the experiment of Bělohlávek et al. 2018, or of another plan: trains each row with each column and seed, skips what is done, and
 * writes table.csv and summary.csv. It may be stopped at any point and called again with the same folder, also by many processes at once: each run is
 * claimed by one of them. A run that fails is noted and does not stop the others.
 *
 * @param watch a signal that stops the study with the state of its runs saved, and a receiver of progress
 * @throws AdvError USAGE when options are wrong or the folder has another plan, INTERRUPTED, STORAGE, RUN_DIRECTORY, LAUNCHER when a
 *   batch system is not there or refuses
 */
export async function reproduce(options: ReproduceOptions = {}, watch: Watch = {}): Promise<StudyResult> {
  checkReproduceOptions(options);
  const folder = new StudyFolder(options.out ?? defaultFolder);
  const plan = await settlePlan(folder, options);
  const rows = named(
    'ROW',
    options.rows,
    plan.rows.map(({ name }) => name),
  );
  const runs = plannedRuns(plan).filter(({ row }) => rows.includes(row));
  // Whatever is wrong with what is there is told before hours of work.
  await studyTable(folder, plannedRuns(plan));
  try {
    const work = options.launcher === 'slurm' ? workBySlurm : workOn;
    const outcome = await work({ folder, runs, options }, watch);
    watch.onProgress?.({ kind: 'stage', text: 'comparing the columns' });
    const { csv, cells } = await studySummary(folder, plannedRuns(plan), watch);
    await writeAtomically(folder.summaryPath, [csv]);
    return { study: folder.path, ...outcome, cells, table: folder.tablePath, summary: folder.summaryPath };
  } finally {
    await writeAtomically(folder.tablePath, [await studyTable(folder, plannedRuns(plan))]);
  }
}

/** The folder's plan, which is made now where there is none. */
async function settlePlan(folder: StudyFolder, options: ReproduceOptions): Promise<StudyPlan> {
  const there = await folder.readPlan();
  if (there === undefined) {
    await folder.requireNoOther();
    await folder.createPlan(await wantedPlan(options));
    // Another process may have been quicker.
    return settlePlan(folder, options);
  }
  const asks = saysPlan(options) || options.plan !== undefined;
  if (asks && planText(there) !== planText(await wantedPlan(options))) {
    throw new AdvError(
      'USAGE',
      `${folder.planPath} is another plan than these options ask for`,
      'Leave them out to go on with that plan, edit it, or choose another --out.',
    );
  }
  return there;
}

async function wantedPlan(options: ReproduceOptions): Promise<StudyPlan> {
  const { plan: path } = options;
  if (path === undefined) return planOf(options);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new AdvError(
      'USAGE',
      `expected --plan to name a plan, got ${path}: ${systemReason(error)}`,
      "A plan is what a study's plan.json holds.",
    );
  });
  return parsePlan(path, text);
}
