import type { Watch } from '../base/events.js';
import type { ProgressReporter } from '../report/progress.js';

/** What every command may use: the only ways to the outside, so that --json and --quiet hold everywhere. */
export interface CommandContext {
  /** Fires at the first Ctrl-C, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  readonly progress: ProgressReporter;
  /**
   * Prints the result, JSON where --json was given, else the text, and waits until it is out.
   *
   * @param complete false when part of it went wrong, which the exit code then says
   * @throws AdvError STORAGE when it cannot be written
   */
  result(value: unknown, text: () => string, complete?: boolean): Promise<void>;
  /**
   * Writes to standard output as it is and waits while the reader is slow.
   *
   * @returns false when the reader has gone and wants no more
   * @throws AdvError STORAGE when it cannot be written
   */
  write(text: string): Promise<boolean>;
  readonly json: boolean;
}

/** Signal and progress as the library takes them. */
export function watchOf(context: CommandContext): Watch {
  return {
    signal: context.signal,
    onProgress: (event) => {
      context.progress.update(event);
    },
  };
}

/** Runs a command's body with its context; main.ts provides it. */
export type Runner = (
  output: { readonly json?: boolean | undefined; readonly quiet?: boolean | undefined },
  body: (context: CommandContext) => Promise<void>,
) => Promise<void>;
