import { CommanderError } from 'commander';
import { AdvError } from '../base/errors.js';
import { Progress } from '../report/progress.js';
import { writeAtomically } from '../base/storage/atomic-file.js';
import { onStopSignals, stopSignals, type StopSignal } from '../base/signals.js';
import type { BuildProgram } from './command.js';
import type { CommandContext, Runner } from './context.js';
import { buildProgram } from './program.js';
import { OutputFailure, writeOut } from './standard-output.js';
import { onUntimelyEnd } from './untimely-end.js';

/** Exit codes that scripts may rely on, beside those of stopSignals. */
export const exitCode = { done: 0, failed: 1, usage: 2 } as const;

/**
 * Runs one command line and reports its failure.
 *
 * @param args without the program's own name
 * @param build makes the commands; those of advnative when left out
 * @returns the exit code
 */
export async function runCommandLine(
  args: readonly string[],
  build: BuildProgram = buildProgram,
): Promise<number> {
  const session = new Session(args.includes('--json'));
  let help = '';
  try {
    const program = build(session.run, (text) => (help += text));
    await program.parseAsync(args, { from: 'user' }).catch(async (error: unknown) => {
      if (!(error instanceof CommanderError && error.exitCode === exitCode.done)) throw error;
      await writeOut(help);
    });
    return session.code;
  } catch (error) {
    return await session.report(error);
  }
}

/** One command line while it runs. */
class Session {
  #json: boolean;
  #progress = new Progress(process.stderr);
  /** Whether standard output holds the result: nothing may follow it. */
  #printed = false;
  #code: number = exitCode.done;
  /** The signal that asked the command to stop. */
  #stoppedBy: StopSignal = 'SIGINT';

  /** @param json whether the command line asks for JSON, as far as can be told before it is parsed */
  constructor(json: boolean) {
    this.#json = json;
  }

  /** The exit code of what ran, so long as nothing was thrown. */
  get code(): number {
    return this.#code;
  }

  /** Runs the body of a command. */
  readonly run: Runner = async (output, body) => {
    this.#json = output.json ?? false;
    this.#progress = new Progress(process.stderr, output.quiet);
    const controller = new AbortController();
    const endExpected = onUntimelyEnd((message, hint) => {
      this.#complain(message, hint);
    }, exitCode.failed);
    const release = onStopSignals(
      (first) => {
        this.#stoppedBy = first;
        this.#progress.message(stopping(first));
        controller.abort();
      },
      (second) => {
        endExpected();
        process.exit(stopSignals[second]);
      },
    );
    try {
      await body(this.#context(controller.signal));
    } finally {
      this.#progress.end();
      release();
      endExpected();
    }
  };

  #context(signal: AbortSignal): CommandContext {
    return {
      signal,
      onProgress: (event) => {
        this.#progress.update(event);
      },
      progress: this.#progress,
      json: this.#json,
      write: (text) => writeOut(text, signal),
      result: async (value, text, { complete = true, file } = {}) => {
        try {
          if (file?.path !== undefined) await writeAtomically(file.path, [await file.content()]);
        } finally {
          this.#progress.end();
          if (!complete) this.#code = exitCode.failed;
          const printed = this.#json ? JSON.stringify(value) : text();
          this.#printed = true;
          await writeOut(`${printed}\n`, signal);
        }
      },
    };
  }

  /** Tells of an end that leaves no time to wait for anything. */
  #complain(message: string, hint: string): void {
    this.#progress.end();
    this.#progress.message(`error: ${message}`);
    this.#progress.message(hint);
    if (this.#json && !this.#printed) process.stdout.write(errorJson('UNEXPECTED', message, hint));
  }

  /**
   * Tells of what a command threw.
   *
   * @returns the exit code
   */
  async report(error: unknown): Promise<number> {
    if (error instanceof CommanderError) {
      // Commander has already printed what is wrong.
      await this.#printError(error, 'USAGE', error.message.replace(/^error: /, ''));
      return exitCode.usage;
    }
    const known = error instanceof AdvError;
    const message = error instanceof Error ? error.message : String(error);
    this.#progress.message(known ? `error: ${message}` : `unexpected error: ${message}`);
    const hint = known
      ? error.hint
      : 'Set ADVNATIVE_DEBUG=1 to see where it comes from; it may be a bug of advnative.';
    if (hint !== undefined) this.#progress.message(hint);
    if (process.env['ADVNATIVE_DEBUG'] === '1') console.error(error);
    await this.#printError(error, known ? error.code : 'UNEXPECTED', message, hint);
    if (!known) return exitCode.failed;
    if (error.code === 'INTERRUPTED') return stopSignals[this.#stoppedBy];
    return error.code === 'USAGE' ? exitCode.usage : exitCode.failed;
  }

  /** With --json, prints an error unless standard output holds the result or is itself what failed. */
  async #printError(error: unknown, code: string, message: string, hint?: string): Promise<void> {
    if (!this.#json || this.#printed || error instanceof OutputFailure) return;
    await writeOut(errorJson(code, message, hint)).catch((failure: unknown) => {
      this.#progress.message(`error: ${failure instanceof Error ? failure.message : String(failure)}`);
    });
  }
}

function stopping(signal: StopSignal): string {
  const [why, second] = signal === 'SIGINT' ? ['', 'Ctrl-C'] : [` because of ${signal}`, 'signal'];
  return `stopping${why}; a second ${second} quits at once and loses what is not saved yet`;
}

function errorJson(code: string, message: string, hint?: string): string {
  return `${JSON.stringify({ error: { code, message, hint } })}\n`;
}
