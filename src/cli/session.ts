import { CommanderError } from 'commander';
import { AdvError } from '../errors.js';
import { createProgress, type ProgressReporter } from '../report/progress.js';
import type { CommandContext, Runner } from './context.js';
import { buildProgram } from './program.js';

/** Exit codes that scripts may rely on. */
export const exitCode = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * A terminal's Ctrl-C reaches every process of the group, and npx passes its own copy on: two signals this close are
 * one wish, in milliseconds.
 */
const sameWish = 500;

/**
 * Runs one command line and reports its failure.
 *
 * @param args without the program's own name
 * @returns the exit code
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  let progress = createProgress(process.stderr);
  let code: number = exitCode.done;
  const run: Runner = async (output, body) => {
    progress = createProgress(process.stderr, { quiet: output.quiet });
    const { signal, release } = interruptible(progress);
    const starve = (): void => {
      endStarved(progress, json);
    };
    process.once('beforeExit', starve);
    try {
      const fail = (): void => {
        code = exitCode.failed;
      };
      await body(contextOf(signal, progress, output.json ?? false, fail));
    } finally {
      progress.end();
      release();
      process.off('beforeExit', starve);
    }
  };
  try {
    await buildProgram(run).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return await report(error, progress, json);
  }
}

function contextOf(
  signal: AbortSignal,
  progress: ProgressReporter,
  json: boolean,
  fail: () => void,
): CommandContext {
  return {
    signal,
    progress,
    json,
    write: writeOut,
    result(value, text, complete = true) {
      progress.end();
      if (!complete) fail();
      process.stdout.write(`${json ? JSON.stringify(value) : text()}\n`);
    },
  };
}

/** A signal that the first Ctrl-C fires; the second one ends the process at once. */
function interruptible(progress: ProgressReporter): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  let first: number | undefined;
  const interrupt = (): void => {
    if (first === undefined) {
      first = performance.now();
      progress.message('stopping; a second Ctrl-C quits at once and loses what is not saved yet');
      controller.abort();
    } else if (performance.now() - first > sameWish) {
      process.exit(exitCode.interrupted);
    }
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    },
  };
}

/** Ends a command that waits for what will never come: Node would leave without a word. */
function endStarved(progress: ProgressReporter, json: boolean): void {
  const message =
    'the command waits for something that never comes, such as a stream of data that does not go on';
  progress.end();
  progress.message(`error: ${message}`);
  if (json) process.stdout.write(errorJson('UNEXPECTED', message));
  process.exit(exitCode.failed);
}

async function report(error: unknown, progress: ProgressReporter, json: boolean): Promise<number> {
  if (error instanceof CommanderError) {
    // Commander has already printed what is wrong, or the help that was asked for.
    if (error.exitCode === 0) return exitCode.done;
    if (json) await writeOut(errorJson('USAGE', error.message.replace(/^error: /, '')));
    return exitCode.usage;
  }
  const known = error instanceof AdvError;
  const message = error instanceof Error ? error.message : String(error);
  progress.message(known ? `error: ${message}` : `unexpected error: ${message}`);
  const hint = known
    ? error.hint
    : 'Set ADVNATIVE_DEBUG=1 to see where it comes from; it may be a bug of advnative.';
  if (hint !== undefined) progress.message(hint);
  if (process.env['ADVNATIVE_DEBUG'] === '1') console.error(error);
  if (json) await writeOut(errorJson(known ? error.code : 'UNEXPECTED', message, hint));
  if (!known) return exitCode.failed;
  if (error.code === 'INTERRUPTED') return exitCode.interrupted;
  return error.code === 'USAGE' ? exitCode.usage : exitCode.failed;
}

function errorJson(code: string, message: string, hint?: string): string {
  return `${JSON.stringify({ error: { code, message, hint } })}\n`;
}

/** Waits until the text has left this process, so that a slow reader never fills the memory. */
async function writeOut(text: string): Promise<void> {
  await new Promise<void>((written) => {
    process.stdout.write(text, () => {
      written();
    });
  });
}
