import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCode } from '../system-error.js';

/** What a process writes into a file that others find, so that they can tell whether it still runs. */
export interface ProcessMark {
  readonly pid: number;
  readonly host: string;
  /** Where a pid is one process: this boot of this machine, and a container's own processes. Machines and containers may have one name. */
  readonly processes: string;
  /** When the process was started, as its system counts: pids are given again. */
  readonly started: string;
}

/** What a process can know of another one: `unseen` is one of another machine or container. */
export type Fate = 'runs' | 'gone' | 'unseen';

const isLinux = process.platform === 'linux';

/** Elsewhere containers of one name do not share machines, and nothing tells the starts of processes. */
const processes = isLinux ? placeOfProcesses() : '';

/** Equal to no other where the system does not say. */
function placeOfProcesses(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return [boot, ...['pid', 'time'].map((kind) => readlinkSync(`/proc/self/ns/${kind}`))].join(' ');
  } catch {
    return randomUUID();
  }
}

/** The mark of this process. */
export function ownMark(): ProcessMark {
  return { pid: process.pid, host: hostname(), processes, started: startOf(process.pid) ?? '' };
}

/** What became of the process that left a mark, as far as this one sees. */
export function fateOf({ pid, host, processes: theirs, started }: ProcessMark): Fate {
  if (host !== hostname() || theirs !== processes) return 'unseen';
  if (!isAlive(pid)) return 'gone';
  if (!isLinux) return 'runs';
  const start = startOf(pid);
  // Where /proc hides the processes of other users, a pid says too little.
  if (start === undefined) return 'unseen';
  return start === started ? 'runs' : 'gone';
}

/** Whether there is a process of this number here. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process is there and belongs to someone else.
    return errorCode(error) === 'EPERM';
  }
}

/** When a process was started, in ticks since boot; 'ended' where its parent has not noticed its end yet, undefined where nobody tells. */
function startOf(pid: number): string | undefined {
  try {
    const facts = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // proc(5): the second field is a name in brackets, which may hold anything; the third is the state, the 22nd the start.
    const fields = facts.slice(facts.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}
