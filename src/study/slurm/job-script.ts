import { join } from 'node:path';
import { packageRoot } from '../../base/package.js';
import { shellQuoted } from '../../base/storage/shell-path.js';

/** What the tasks of a job are to do. */
export interface ArrayJob {
  /** Of the study, from the root of the file system. */
  readonly folder: string;
  readonly tasks: number;
  /** Processors of each task. */
  readonly threads: number;
  /** Options of sbatch. */
  readonly options: readonly string[];
  /** What `reproduce` is told beside folder and threads. */
  readonly args: readonly string[];
}

/** Where the logs of a job's tasks go, in the letters of sbatch. */
const logName = '%A_%a.log';

/**
 * How long before its time limit a task is told to stop, in seconds: Slurm may do so a minute earlier. An attempt that lasts for less than the least
 * time would do nothing but begin, again and again.
 */
const notice = 120;
const leastSeconds = 60;

/**
 * The script of a job array: each task is a worker on the study, which claims one run after the other. Near the time limit the batch shell
 * alone gets SIGUSR1: the worker saves its run, and the task goes back into the queue. At SIGTERM the worker saves as well, and Slurm decides: it requeues a task
 * that is preempted and not one that is cancelled.
 */
export function jobScript({ folder, tasks, threads, options, args }: ArrayJob): string {
  // In the name of a log a percent sign begins what sbatch fills in.
  const output = join(folder.replaceAll('%', '%%'), 'slurm', logName);
  const directives = [
    ...['--job-name=advnative', `--array=1-${tasks}`, `--cpus-per-task=${threads}`],
    ...[`--output=${output}`, '--open-mode=append', '--requeue', `--signal=B:USR1@${notice}`],
    // What is said later holds.
    ...options,
  ];
  const command = [
    ...[process.execPath, join(packageRoot, 'dist', 'cli', 'main.js'), 'reproduce', ...args],
    ...['--out', folder, '--threads', String(threads)],
  ];
  return `#!/bin/bash
# The tasks of this array carry out the runs of a study until none is left. Written by: advnative reproduce --launcher slurm
${directives.map((directive) => `#SBATCH ${isPlain(directive) ? directive : shellQuoted(directive)}`).join('\n')}

echo "attempt $((\${SLURM_RESTART_COUNT:-0} + 1)) on $SLURMD_NODENAME, $(date)" >&2
again=no
trap 'again=yes; kill -TERM "$worker"' USR1
trap 'kill -TERM "$worker"' TERM
${command.map(shellQuoted).join(' ')} &
worker=$!
# A signal ends wait, not the worker.
while kill -0 "$worker" 2> /dev/null; do wait "$worker"; done
wait "$worker"
code=$?
if [ "$again" = yes ] && [ "$code" = 143 ]; then
  if [ "$SECONDS" -lt ${leastSeconds} ]; then
    echo 'error: the time limit is too short: leave the task more than four minutes' >&2
  else
    echo 'the time limit is near: this task goes back into the queue' >&2
    scontrol requeue "$SLURM_JOB_ID"
  fi
fi
exit "$code"
`;
}

/** Whether sbatch takes an option as it is; others it reads in quotes as a shell does. */
const isPlain = (directive: string): boolean => /^[\w./@:,=%+-]+$/u.test(directive);
