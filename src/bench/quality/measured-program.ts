import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AdvError } from '../../base/errors.js';
import { packageRoot } from '../../base/package.js';
import { endOfProgram, lastLine, runProgram, type Launch, type ProgramEnd } from '../peers/program.js';

/** The system's Python: it measures, and has the peers' libraries. */
export const python = '/usr/bin/python3';

/** A program that ended, and what it took. */
export interface MeasuredEnd extends ProgramEnd {
  /** Wall time, from before its start to its end. */
  readonly seconds: number;
  /** Time of its threads together, which other work on the machine lengthens less than wall time. */
  readonly cpuSeconds: number;
  /** Most resident memory. */
  readonly peakBytes: number;
}

/**
 * Requires what programs are measured with.
 *
 * @throws AdvError USAGE
 */
export async function requireMeasuring(signal?: AbortSignal): Promise<void> {
  const args = ['-c', 'import resource, subprocess'];
  await runProgram({ command: python, args, environment: process.env }, signal).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new AdvError(
      'USAGE',
      `expected Python 3 as ${python}, with which time and memory of programs are measured, got none`,
      'On Debian: apt-get install python3',
      { cause: error },
    );
  });
}

/**
 * Runs a program until it ends, however it does, and measures it.
 *
 * @param folder for a file that is gone afterwards
 * @param onErrors receives what it writes to standard error, as it comes
 * @throws what the signal was fired with
 */
export async function measuredEnd(
  { command, args, environment }: Launch,
  folder: string,
  signal?: AbortSignal,
  onErrors?: (text: string) => void,
): Promise<MeasuredEnd> {
  const report = join(folder, 'measured.json');
  const wrapped = [join(packageRoot, 'bench', 'measure.py'), report, command, ...args];
  const end = await endOfProgram({ command: python, args: wrapped, environment }, signal, onErrors);
  signal?.throwIfAborted();
  const text = await readFile(report, 'utf8').catch(() => {
    throw new Error(lastLine(end.errors) ?? `${command} could not be measured`);
  });
  await rm(report);
  const cost = JSON.parse(text) as Pick<MeasuredEnd, 'seconds' | 'cpuSeconds' | 'peakBytes'>;
  return { ...end, ...cost };
}
