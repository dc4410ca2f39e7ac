import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AdvError } from '../../base/errors.js';
import type { Watch } from '../../base/events.js';
import { shellQuoted } from '../../base/storage/shell-path.js';
import { endOf } from '../course.js';
import { countOutcomes, type StudyOutcome } from '../outcomes.js';
import type { PlannedRun } from '../plan.js';
import type { RunState, StudyFolder } from '../study-folder.js';
import type { StudyWork } from '../work.js';
import { cancelPending, tasksOf, type QueuedTask } from './commands.js';
import { settleJob } from './settle-job.js';

/** Between two looks at the queue and the folder, in milliseconds: schedulers of large clusters are asked by many. */
const usualPause = 10_000;

/**
 * Lets the tasks of a job array carry out the runs that are not done, and waits for them. A job that works on the study already is waited for, too. When the
 * signal fires, the job goes on.
 *
 * @param pause between two looks, in milliseconds; only tests name another
 * @throws AdvError LAUNCHER when Slurm is not there or refuses the job, INTERRUPTED, STORAGE
 */
export async function workBySlurm(
  { folder, runs, options }: Pick<StudyWork, 'folder' | 'runs' | 'options'>,
  watch: Watch,
  pause = usualPause,
): Promise<StudyOutcome> {
  const waiting = new Waiting(folder, runs, watch);
  await waiting.look();
  const job = await settleJob(folder, waiting.states, options, watch);
  if (job !== undefined) await waiting.untilEnded(job, pause);
  return countOutcomes(runs, waiting.states);
}

/** Looks at the runs of a study that others carry out. */
class Waiting {
  /** Messages of failures that have been told. */
  readonly #told = new Set<string>();
  readonly states = new Map<PlannedRun, RunState>();
  readonly #folder: StudyFolder;
  readonly #runs: readonly PlannedRun[];
  readonly #watch: Watch;
  /** What squeue last failed with, which is told once. */
  #trouble = '';

  constructor(folder: StudyFolder, runs: readonly PlannedRun[], watch: Watch) {
    this.#folder = folder;
    this.#runs = runs;
    this.#watch = watch;
  }

  /** Looks at all runs but those that are done. */
  async look(): Promise<void> {
    for (const run of this.#runs) {
      const before = this.states.get(run)?.status;
      if (before === 'done') continue;
      const state = await this.#folder.stateOf(run);
      this.states.set(run, state);
      const isNews = before !== undefined && before !== state.status;
      if (isNews && !['waiting', 'begun'].includes(state.status))
        this.#watch.onProgress?.(endOf(run, state, this.#told));
    }
  }

  /** Waits until all runs are done, or the job has ended without. */
  async untilEnded(job: string, pause: number): Promise<void> {
    for (;;) {
      // Asked first: what ended tasks have done is seen below.
      const tasks = await this.#tasks(job);
      await this.look();
      const done = [...this.states.values()].filter(({ status }) => status === 'done').length;
      if (done === this.#runs.length || tasks?.length === 0) break;
      this.#watch.onProgress?.({
        ...{ kind: 'runs', done, total: this.#runs.length, secondsLeft: undefined },
        running: [`job ${job}: ${tasks === undefined ? 'unknown' : queueText(tasks)}`],
      });
      await setTimeout(pause, undefined, { signal: this.#watch.signal }).catch(() => undefined);
      if (this.#watch.signal?.aborted) throw stillRuns(job, this.#folder);
    }
    await this.#cancelPending(job);
    this.#tellOpen(job);
  }

  /** Undefined where Slurm does not answer, as it does at times. */
  async #tasks(job: string): Promise<QueuedTask[] | undefined> {
    try {
      return await tasksOf(job);
    } catch (error) {
      if (!(error instanceof AdvError)) throw error;
      if (error.message !== this.#trouble) {
        this.#watch.onProgress?.({ kind: 'notice', text: `${error.message}; asking again` });
      }
      this.#trouble = error.message;
      return undefined;
    }
  }

  /** Tasks that have not begun have nothing to do any more. */
  async #cancelPending(job: string): Promise<void> {
    await cancelPending(job).catch((error: unknown) => {
      if (!(error instanceof AdvError)) throw error;
    });
  }

  #tellOpen(job: string): void {
    const { open } = countOutcomes(this.#runs, this.states).runs;
    if (open === 0) return;
    const logs = join(this.#folder.path, 'slurm', `${job}_*.log`);
    this.#watch.onProgress?.({
      kind: 'notice',
      text: `job ${job} has ended and left ${open} runs: its logs, ${logs}, may say why; the same command goes on with them`,
    });
  }
}

/** '3 running, 2 pending (Priority)' */
function queueText(tasks: readonly QueuedTask[]): string {
  const counts = new Map<string, number>();
  for (const { state, reason } of tasks) {
    const words = state.toLowerCase().replaceAll('_', ' ');
    const text = state === 'PENDING' && reason !== '' && reason !== 'None' ? `${words} (${reason})` : words;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => `${count} ${text}`).join(', ');
}

const stillRuns = (job: string, { path }: StudyFolder): AdvError =>
  new AdvError(
    'INTERRUPTED',
    `job ${job} goes on without this command`,
    `Wait for it again with: npx advnative reproduce --launcher slurm --out ${shellQuoted(path)}; stop it with: scancel ${job}`,
  );
