import { checkOptions } from '../base/check-options.js';
import type { CommandOption, OptionsOf } from '../base/option.js';
import { endOf } from '../bench/bench.js';
import { runProgram } from '../bench/peers/program.js';
import { temporaryFolder } from '../bench/temporary-folder.js';
import type { TrainOption } from '../recipe/option.js';
import { define, programNamed, type Definition } from './command.js';
import type { CommandContext } from './context.js';
import { hiddenOptionsOf, jsonOption, optionsOf } from './options.js';
import { runCommandLine } from './session.js';

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

type Options = Readonly<Record<string, TrainOption>>;
type OwnOptions = Readonly<Record<string, CommandOption>>;

/** What a program of bench/ takes and does. */
interface Script<Table extends Options, Own extends OwnOptions> extends Pick<
  Definition,
  'description' | 'arguments' | 'help' | 'examples'
> {
  /** As it is called: 'npm run bench:memory --'. */
  readonly name: string;
  /** Its options beside --json. */
  readonly table: Table;
  /** Options by which it calls itself, see `again`: --help does not tell them. */
  readonly own?: Own;
  readonly body: (
    context: ScriptContext,
    options: OptionsOf<Table & Own>,
    ...given: readonly unknown[]
  ) => Promise<void>;
}

/**
 * Runs a program of bench/ as a command: its options are checked by the rules of its table, signals end it, and its help, errors and
 * exit codes are those of the command line.
 */
export async function runScript<Table extends Options, Own extends OwnOptions>(
  script: Script<Table, Own>,
): Promise<void> {
  const { table, own = {}, body, ...described } = script;
  const options = [...optionsOf(table), ...hiddenOptionsOf(own), jsonOption()];
  const action = (context: CommandContext, flags: OptionsOf<Table & Own>, ...given: readonly unknown[]) => {
    checkOptions(flags, { ...table, ...own });
    return inFolder(context, (place) => body(place, flags, ...given));
  };
  process.exitCode = await runCommandLine(process.argv.slice(2), (run, help) => {
    const program = programNamed(script.name, help);
    define(program, { ...described, options, action }, run);
    return program;
  });
}

async function inFolder(
  context: CommandContext,
  body: (place: ScriptContext) => Promise<void>,
): Promise<void> {
  const folder = temporaryFolder();
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
}
