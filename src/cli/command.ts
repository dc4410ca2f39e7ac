import { Command, type Option } from 'commander';
import type { CommandContext, Runner } from './context.js';
import { examples } from './options.js';

/** What a command is called, what it takes and says of itself, and what it does. */
export interface Definition<
  Flags extends object = object,
  Arguments extends readonly unknown[] = readonly unknown[],
> {
  readonly name: string;
  readonly description: string;
  /** What each argument is, by its name: '<run>', or '[text...]' for any number of texts. */
  readonly arguments?: Readonly<Record<string, string>>;
  readonly options: readonly Option[];
  /** Paragraphs below the options. */
  readonly help?: readonly string[];
  /** Command lines that show how it is used. */
  readonly examples: readonly string[];
  /** What `--help` says last. */
  readonly end?: string;
  /** The body, which imports what it needs. --json and --quiet are no flags of its own: the context follows them. */
  readonly action: (context: CommandContext, flags: Flags, ...given: Arguments) => Promise<void>;
}

/** Adds a command to its parent, to be run by what gives its body a context. */
export type AddCommand = (parent: Command, run: Runner) => void;

/** Makes the command of a whole command line, to be run by what gives bodies a context; `help` takes what --help prints. */
export type BuildProgram = (run: Runner, help: (text: string) => void) => Command;

/** The command of a whole command line: its errors are thrown instead of ending the process. */
export function programNamed(name: string, help: (text: string) => void): Command {
  return new Command(name)
    .configureOutput({ writeOut: help })
    .exitOverride()
    .showHelpAfterError('(--help shows the options)');
}

/** A command of the command line. */
export function command<Flags extends object, Arguments extends readonly unknown[]>(
  definition: Definition<Flags, Arguments>,
): AddCommand {
  return (parent, run) => {
    define(parent.command(definition.name), definition, run);
  };
}

/** Makes a command what its definition says. */
export function define<Flags extends object, Arguments extends readonly unknown[]>(
  defined: Command,
  definition: Definition<Flags, Arguments>,
  run: Runner,
): void {
  defined.description(definition.description);
  for (const [name, what] of Object.entries(definition.arguments ?? {})) defined.argument(name, what);
  for (const option of definition.options) defined.addOption(option);
  const { help = [], end = '' } = definition;
  for (const text of [...help, examples(...definition.examples) + end]) defined.addHelpText('after', text);
  defined.action(async () => {
    const { json, quiet, ...flags } = defined.opts<Flags & { json?: boolean; quiet?: boolean }>();
    await run({ json, quiet }, (context) =>
      definition.action(
        context,
        flags as unknown as Flags,
        ...(defined.processedArgs as unknown as Arguments),
      ),
    );
  });
}
