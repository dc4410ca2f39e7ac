import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AdvError } from '../../base/errors.js';
import { isMissing } from '../../base/system-error.js';

const execute = promisify(execFile);

/** A task of a job array as squeue tells of it: its state, such as RUNNING, and why it waits, such as Priority; None where it does not. */
export interface QueuedTask {
  readonly state: string;
  readonly reason: string;
}

/**
 * Submits a job script.
 *
 * @returns the number of the job
 * @throws AdvError LAUNCHER when there is no sbatch, or with the words in which it refuses
 */
export async function submit(script: string): Promise<string> {
  const printed = await slurm('sbatch', ['--parsable', script]);
  const [, job] = /^(\d+)(?:;.*)?$/mu.exec(printed) ?? [];
  if (job !== undefined) return job;
  throw new AdvError(
    'LAUNCHER',
    `expected sbatch to print the number of a job, got '${printed.trim()}'`,
    'squeue shows whether it was submitted; a wrapper of sbatch must print what sbatch prints.',
  );
}

/**
 * The tasks of a job that wait, run or are about to end; none when it has ended.
 *
 * @throws AdvError LAUNCHER when squeue does not tell
 */
export async function tasksOf(job: string): Promise<QueuedTask[]> {
  const printed = await slurm('squeue', [`--jobs=${job}`, '--array', '--noheader', '--format=%T %r']).catch(
    (error: unknown) => {
      // Slurm forgets a job some minutes after its end.
      if (error instanceof AdvError && error.message.includes('Invalid job id')) return '';
      throw error;
    },
  );
  return printed
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [state = '', ...reason] = line.trim().split(' ');
      return { state, reason: reason.join(' ') };
    });
}

/** Takes those tasks of a job out of the queue that have not begun; those that have end by themselves. */
export async function cancelPending(job: string): Promise<void> {
  await slurm('scancel', ['--state=PENDING', job]);
}

/** Runs a command of Slurm and gives what it prints. */
async function slurm(command: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute(command, args);
    return stdout;
  } catch (error) {
    if (isMissing(error)) {
      throw new AdvError(
        'LAUNCHER',
        `expected Slurm's ${command} on the path for --launcher slurm, found none`,
        'Call it where jobs are submitted, or load the module of Slurm first.',
      );
    }
    const { stderr, message } = error as Error & { readonly stderr?: string };
    throw new AdvError(
      'LAUNCHER',
      `${command} failed: ${(stderr ?? '').trim() || message}`,
      'These are the words of Slurm. What sbatch is told can be changed by --slurm.',
    );
  }
}
