import type { Command, Option } from 'commander';
import type { CommandContext, Runner } from './context.js';
import { examples } from './options.js';

/** What a command is called, what it takes and says of itself, and what it does. */
interface Definition<Flags, Arguments extends readonly unknown[]> {
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

/** A command of the command line. */
export function command<Flags extends object, Arguments extends readonly unknown[]>(
  definition: Definition<Flags, Arguments>,
): AddCommand {
  return (parent, run) => {
    const added = parent.command(definition.name).description(definition.description);
    for (const [name, what] of Object.entries(definition.arguments ?? {})) added.argument(name, what);
    for (const option of definition.options) added.addOption(option);
    const { help = [], end = '' } = definition;
    for (const text of [...help, examples(...definition.examples) + end]) added.addHelpText('after', text);
    added.action(async () => {
      const { json, quiet, ...flags } = added.opts<Flags & { json?: boolean; quiet?: boolean }>();
      await run({ json, quiet }, (context) =>
        definition.action(
          context,
          flags as unknown as Flags,
          ...(added.processedArgs as unknown as Arguments),
        ),
      );
    });
  };
}
