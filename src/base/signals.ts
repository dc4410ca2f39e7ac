import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** Signals that ask a process to stop, each with the exit code that shells have for it: 128 and its number. */
export const stopSignals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Ctrl-C, what `kill` and batch systems send, and the end of the terminal or connection. */
export type StopSignal = keyof typeof stopSignals;

/**
 * A terminal's Ctrl-C reaches every process of the group, and npx passes its own copy on; a terminal that is closed sends a
 * hangup, and so does its shell: two signals this close are one wish, in milliseconds.
 */
const sameWish = 500;

/**
 * Takes over the signals that ask this process to stop. A hangup asks nothing of a process that was started to outlive its
 * terminal.
 *
 * @param stop is called for the first signal
 * @param quit is called for every later one that is a wish of its own
 * @returns a function that gives the signals back
 */
export function onStopSignals(
  stop: (signal: StopSignal) => void,
  quit: (signal: StopSignal) => void,
): () => void {
  let began: number | undefined;
  const take = (signal: StopSignal): void => {
    if (began === undefined) {
      began = performance.now();
      stop(signal);
    } else if (performance.now() - began > sameWish) {
      quit(signal);
    }
  };
  const outlives = outlivesTerminal(process.env, process.ppid);
  const hangUp = outlives ? (): void => undefined : take;
  process.on('SIGINT', take).on('SIGTERM', take).on('SIGHUP', hangUp);
  return () => {
    process.off('SIGINT', take).off('SIGTERM', take).off('SIGHUP', hangUp);
  };
}

/**
 * Whether a process was started to outlive its terminal. Node gives every signal its default effect before any script
 * runs, also where `nohup` had made the process ignore it: what is left of that is the name of the command that the shell
 * called, and that a parent ignores hangups itself, as a script below `nohup` does.
 *
 * @param environment of the process
 * @param parent its parent's process id
 */
export function outlivesTerminal(environment: NodeJS.ProcessEnv, parent: number): boolean {
  const { _: command = '' } = environment;
  return basename(command) === 'nohup' || ignoresHangup(parent);
}

function ignoresHangup(pid: number): boolean {
  try {
    const [, ignored = '0'] =
      /^SigIgn:\s*([0-9a-f]+)$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    // SIGHUP has number 1, which is the lowest bit.
    return (BigInt(`0x${ignored}`) & 1n) === 1n;
  } catch {
    // Not on Linux, or the parent is in another container.
    return false;
  }
}
