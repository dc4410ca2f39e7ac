import { endOf } from '../bench/bench.js';
import { runProgram } from '../bench/peers/program.js';
import { temporaryFolder } from '../bench/temporary-folder.js';
import type { CommandContext } from './context.js';
import { runBody } from './session.js';

/** What a program of bench/ works with. */
export interface ScriptContext extends CommandContext {
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
 * Runs the body of a program of bench/ as the body of a command: signals end it, and its errors and exit codes are those of the
 * command line.
 *
 * @param json whether it prints its result as JSON
 */
export async function runScript(
  json: boolean,
  body: (context: ScriptContext) => Promise<void>,
): Promise<void> {
  const folder = temporaryFolder();
  process.exitCode = await runBody(json, async (context) => {
    const again = (options: readonly string[]): Promise<string> => {
      const args = [...process.argv.slice(1), ...options];
      return runProgram({ command: process.execPath, args, environment: process.env }, context.signal);
    };
    try {
      await body({ ...context, folder: folder.path, again });
    } catch (error) {
      throw endOf(error, context.signal);
    } finally {
      folder.remove();
    }
  });
}
