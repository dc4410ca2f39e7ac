import type { ProgressEvent, Watch } from '../base/events.js';
import type { Progress } from '../report/progress.js';

/** What else is to be done about a result. */
export interface ResultExtras {
  readonly complete?: boolean;
  readonly file?: { readonly path: string | undefined; readonly content: () => Promise<string> };
}

/** What every command may use: the only ways to the outside, so that --json and --quiet hold everywhere. */
export interface CommandContext extends Watch {
  /** Fires at the first Ctrl-C, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  readonly onProgress: (event: ProgressEvent) => void;
  readonly progress: Progress;
  /**
   * Prints the result, JSON where --json was given, else the text, and waits until it is out.
   *
   * @param more.complete false when part of it went wrong, which the exit code then says
   * @param more.file a file that shows the result and is written before: the result is printed even when there is no room for it
   * @throws AdvError STORAGE when either cannot be written
   */
  result(value: unknown, text: () => string, more?: ResultExtras): Promise<void>;
  /**
   * Writes to standard output as it is and waits while the reader is slow.
   *
   * @returns false when the reader has gone and wants no more
   * @throws AdvError STORAGE when it cannot be written
   */
  write(text: string): Promise<boolean>;
  readonly json: boolean;
}

/** Runs a command's body with its context; main.ts provides it. */
export type Runner = (
  output: { readonly json?: boolean | undefined; readonly quiet?: boolean | undefined },
  body: (context: CommandContext) => Promise<void>,
) => Promise<void>;
