import { writeFile } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { AdvError } from '../base/errors.js';
import { errorCode, writeFailure } from '../base/system-error.js';

/** Standard output could not take what a command had for it: nothing more can be said there. */
export class OutputFailure extends AdvError {}

/**
 * Writes to standard output and waits until the whole text has left this process, so that a slow reader never fills the
 * memory and the process never ends before its result is out.
 *
 * @param signal ends the wait for a reader that does not go on
 * @returns false when the reader has closed its end, as `head` does when it has seen enough, or the terminal is gone: that is
 *   no failure
 * @throws OutputFailure STORAGE when the text cannot be written, INTERRUPTED when the signal fires
 */
export async function writeOut(text: string, signal?: AbortSignal): Promise<boolean> {
  return new Promise((settle, fail) => {
    const stop = (): void => {
      fail(
        new OutputFailure(
          'INTERRUPTED',
          'interrupted before the whole result was written to standard output',
        ),
      );
    };
    signal?.addEventListener('abort', stop, { once: true });
    const ended = (error?: unknown): void => {
      signal?.removeEventListener('abort', stop);
      if (error === undefined || readerLeft(error)) settle(error === undefined);
      else fail(outputFailure(error));
    };
    send(text).then(() => {
      ended();
    }, ended);
  });
}

/**
 * Pipes, sockets and terminals take what they can and the rest later, which the stream sees to. To a file or device all is
 * written here: on a disk that is nearly full the first call takes a part, and only the next one fails; Node's own stream for
 * files looks at neither.
 */
async function send(text: string): Promise<void> {
  if (!(process.stdout instanceof Socket)) return promisify(writeFile)(standardOutput, text);
  return promisify((written: (error?: Error | null) => void) => process.stdout.write(text, written))();
}

const standardOutput = 1;

/** A pipe or socket says so by a code of its own; of a terminal that was closed the system says that it fails. */
function readerLeft(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EPIPE' || code === 'ECONNRESET' || (code === 'EIO' && process.stdout.isTTY);
}

function outputFailure(error: unknown): OutputFailure {
  return new OutputFailure(
    'STORAGE',
    `cannot write standard output: ${writeFailure(error).reason}`,
    'Free space or send the output elsewhere, and run the command again. The result of a training run is in its run.json.',
    { cause: error },
  );
}
