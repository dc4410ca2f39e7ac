import { AdvError } from '../base/errors.js';
import { onStopSignals, stopSignals, type StopSignal } from '../base/signals.js';
import { runProgram } from './peers/program.js';
import { temporaryFolder } from './temporary-folder.js';

/** What a program of bench/ works with. */
export interface ScriptPlace {
  /** Fires at Ctrl-C, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal;
  /** An empty folder, which is gone when the program ends. */
  readonly folder: string;
  /**
   * Runs this program once more, in a process of its own, with more options.
   *
   * @returns what it printed
   * @throws Error with its standard error when it fails
   */
  again(options: readonly string[]): Promise<string>;
}

/**
 * Runs the body of a program of bench/ and sets the exit code: 0 done, 1 failed, 2 wrong usage, 130, 143 or 129 interrupted, as
 * those of the command line.
 *
 * @param body returns false when part of its work failed
 */
export async function runScript(body: (place: ScriptPlace) => Promise<boolean>): Promise<void> {
  const controller = new AbortController();
  let stoppedBy: StopSignal | undefined;
  const stop = (name: StopSignal): void => {
    stoppedBy = name;
    controller.abort();
  };
  const quit = (name: StopSignal): void => process.exit(stopSignals[name]);
  const release = onStopSignals(stop, quit);
  const { signal } = controller;
  const folder = temporaryFolder();
  const again = (options: readonly string[]): Promise<string> => {
    const args = [...process.argv.slice(1), ...options];
    return runProgram({ command: process.execPath, args, environment: process.env }, signal);
  };
  try {
    process.exitCode = (await body({ signal, folder: folder.path, again })) ? 0 : 1;
  } catch (error) {
    process.exitCode = report(error, stoppedBy);
  } finally {
    folder.remove();
    release();
  }
}

function report(error: unknown, stoppedBy: StopSignal | undefined): number {
  if (stoppedBy !== undefined) {
    console.error('interrupted; nothing was kept');
    return stopSignals[stoppedBy];
  }
  if (!(error instanceof AdvError)) {
    console.error(error);
    return 1;
  }
  console.error(`error: ${error.message}`);
  if (error.hint !== undefined) console.error(error.hint);
  return error.code === 'USAGE' ? 2 : 1;
}
