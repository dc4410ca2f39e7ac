import { readFile } from 'node:fs/promises';
import { AdvError } from '../base/errors.js';
import { systemReason } from '../base/system-error.js';
import { named, planOf, saysPlan } from './make-plan.js';
import type { ReproduceOptions } from './options.js';
import { parsePlan, planText, plannedRuns, type PlannedRun, type StudyPlan } from './plan.js';
import type { StudyFolder } from './study-folder.js';

/** Where the study lies that options ask for. */
export const folderOf = ({ out = 'study' }: ReproduceOptions): string => out;

/**
 * The folder's plan, which is stored now where there is none.
 *
 * @throws AdvError USAGE when options are wrong or ask for another plan than the folder has, STORAGE
 */
export async function settlePlan(folder: StudyFolder, options: ReproduceOptions): Promise<StudyPlan> {
  const plan = await findPlan(folder, options);
  if ((await folder.readPlan()) !== undefined) return plan;
  await folder.createPlan(plan);
  // Another process may have been quicker, with another plan.
  return findPlan(folder, options);
}

/**
 * The folder's plan or, where it has none, the one that options ask for.
 *
 * @throws AdvError USAGE when options are wrong or ask for another plan than the folder has, STORAGE
 */
export async function findPlan(folder: StudyFolder, options: ReproduceOptions): Promise<StudyPlan> {
  const there = await folder.readPlan();
  if (there === undefined) {
    await folder.requireNoOther();
    return wantedPlan(options);
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

/**
 * The runs of a plan in the rows that options name.
 *
 * @throws AdvError USAGE when a row is none of the plan
 */
export function wantedRuns(plan: StudyPlan, options: ReproduceOptions): PlannedRun[] {
  const rows = named(
    'ROW',
    options.rows,
    plan.rows.map(({ name }) => name),
  );
  return plannedRuns(plan).filter(({ row }) => rows.includes(row));
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
