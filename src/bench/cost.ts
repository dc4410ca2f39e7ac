import { readFileSync } from 'node:fs';

/** What a piece of work took. */
export interface Cost {
  /** Wall time. */
  readonly seconds: number;
  /** Memory of the process before the work: Node and what it has loaded. */
  readonly idleBytes: number;
  /** Most memory of the process since it began. */
  readonly peakBytes: number;
}

/** A result and what it took. */
export interface Costed<Result> {
  readonly result: Result;
  readonly cost: Cost;
}

/**
 * Does a piece of work and says what it took. The peak means something in a process that does nothing else. Linux only.
 *
 * @throws what the work throws
 */
export async function costOf<Result>(work: () => Promise<Result>): Promise<Costed<Result>> {
  const { residentBytes } = processMemory();
  const began = performance.now();
  const result = await work();
  const seconds = (performance.now() - began) / 1000;
  return { result, cost: { seconds, idleBytes: residentBytes, peakBytes: processMemory().peakBytes } };
}

/**
 * Memory of this process now, and its peak. Unlike what getrusage() tells, the peak is not that of the process that started this
 * one where that was larger (Linux, execve).
 */
function processMemory(): { readonly residentBytes: number; readonly peakBytes: number } {
  const status = readFileSync('/proc/self/status', 'utf8');
  return { residentBytes: bytesOf(status, 'VmRSS'), peakBytes: bytesOf(status, 'VmHWM') };
}

/**
 * A size out of /proc/PID/status.
 *
 * @throws Error when it has no line of this name in kB
 */
export function bytesOf(status: string, name: string): number {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  if (kibibytes === undefined)
    throw new Error(`expected a line '${name}: … kB' in the status, got ${status}`);
  return 1024 * Number(kibibytes);
}
