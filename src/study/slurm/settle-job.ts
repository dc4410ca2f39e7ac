import { join, resolve } from 'node:path';
import { AdvError } from '../../base/errors.js';
import type { Watch } from '../../base/events.js';
import { flagOf } from '../../base/option.js';
import { storageError, writeAtomically } from '../../base/storage/atomic-file.js';
import { readIfThere } from '../../base/storage/exclusive-file.js';
import { Lease, Leases } from '../../base/storage/lease.js';
import { makeFolders } from '../../base/storage/make-folders.js';
import { reproduceOptions, type ReproduceOptions } from '../options.js';
import { isToDo } from '../outcomes.js';
import type { PlannedRun } from '../plan.js';
import type { RunState, StudyFolder } from '../study-folder.js';
import { submit, tasksOf } from './commands.js';
import { jobScript } from './job-script.js';

/**
 * The job that works on a study: the one that was submitted before where it waits or runs, else a new one. Its number, its script and the logs of
 * its tasks are in the folder slurm of the study.
 *
 * @param states of the runs that are wanted
 * @returns undefined where nothing is to be done
 * @throws AdvError LAUNCHER, STORAGE
 */
export async function settleJob(
  folder: StudyFolder,
  states: ReadonlyMap<PlannedRun, RunState>,
  options: ReproduceOptions,
  { onProgress }: Watch,
): Promise<string | undefined> {
  const place = resolve(folder.path, 'slurm');
  await makeFolders(place).catch((error: unknown) => {
    throw storageError(place, error);
  });
  const lease = await new Leases().take(join(place, 'claim'));
  if (!(lease instanceof Lease)) throw beingSubmitted(place);
  try {
    const noted = join(place, 'job');
    const before = (await readIfThere(noted))?.trim();
    if (before !== undefined && (await tasksOf(before)).length > 0) {
      onProgress?.({ kind: 'notice', text: `job ${before} works on this study; nothing is submitted` });
      return before;
    }
    const open = [...states].filter(([, state]) => isToDo(state, options));
    if (open.length === 0) return undefined;
    // Tried again once, not by each task.
    for (const [run, { status }] of open) if (status === 'failed') await folder.note(run, null);
    const script = join(place, 'job.sh');
    await writeAtomically(script, [scriptOf(resolve(folder.path), open.length, options)]);
    const job = await submit(script);
    await writeAtomically(noted, [`${job}\n`]);
    onProgress?.({
      kind: 'stage',
      text: `job ${job} is submitted; see it with: squeue --jobs=${job}; its logs are ${join(place, `${job}_*.log`)}`,
    });
    return job;
  } finally {
    await lease.release();
  }
}

/** Tasks claim runs instead of having shares: none is idle while another has work left, and the runs of one that dies go to the others. */
function scriptOf(
  folder: string,
  runs: number,
  { rows = [], jobs = 1, threads = 1, slurm = [], keep, dataDir, offline }: ReproduceOptions,
): string {
  const said = { keep, dataDir: dataDir === undefined ? undefined : resolve(dataDir), offline };
  const args = Object.entries(said).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    const written = flagOf(reproduceOptions[name as keyof typeof said]);
    return value === true ? [written] : [written, value];
  });
  const tasks = Math.min(jobs, runs);
  return jobScript({ folder, tasks, threads, options: slurm, args: [...rows, ...args] });
}

const beingSubmitted = (place: string): AdvError =>
  new AdvError(
    'LAUNCHER',
    `another process submits a job for ${place} right now`,
    'Call again in a moment: it waits for that job.',
  );
