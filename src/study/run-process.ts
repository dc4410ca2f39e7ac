import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AdvError, type AdvErrorCode } from '../base/errors.js';
import type { ProgressEvent, Watch } from '../base/events.js';
import type { TrainOptions } from '../recipe/table.js';
import type { PartOfTraining } from '../training/train-part.js';

/** What the process of a run is to do: train it whole, or a part of its epochs. */
export interface RunOrder {
  readonly options: TrainOptions;
  readonly divisor?: number | undefined;
}

/** How training ended in the process of a run. */
type RunEnd =
  | { readonly kind: 'done'; readonly part?: PartOfTraining | undefined }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** What the process of a run tells. */
export type RunMessage = { readonly kind: 'progress'; readonly event: ProgressEvent } | RunEnd;

/** The last of what a process wrote to standard error, in characters. */
const mostErrors = 2000;

/**
 * Trains in a process of its own, so that a crash or a lack of memory ends this run alone. It saves its state and ends when the signal fires, and also
 * when this process dies.
 *
 * @throws AdvError of the code with which training failed; Error when the process ended without a word
 */
export async function trainInProcess(options: TrainOptions, watch: Watch): Promise<void> {
  await inProcess({ options }, watch);
}

/** trainPart() in a process of its own, which ends as that of {@link trainInProcess}. */
export async function trainPartInProcess(
  options: TrainOptions,
  divisor: number,
  watch: Watch,
): Promise<PartOfTraining> {
  const { part } = await inProcess({ options, divisor }, watch);
  if (part === undefined) throw new Error('a process that trained a part and does not tell how far it is');
  return part;
}

async function inProcess(
  order: RunOrder,
  { signal, onProgress }: Watch,
): Promise<Extract<RunEnd, { kind: 'done' }>> {
  const program = fileURLToPath(new URL('run-program.js', import.meta.url));
  // Options of this process, such as an inspector's port, are not for its children.
  const child = fork(program, [], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-mostErrors);
  });
  const stop = (): void => {
    child.kill('SIGTERM');
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const end = await new Promise<RunEnd | string>((resolve) => {
      let told: RunEnd | undefined;
      child.on('message', (message: RunMessage) => {
        if (message.kind === 'progress') onProgress?.(message.event);
        else told = message;
      });
      child.once('error', (error) => {
        resolve(error.message);
      });
      child.once('close', (code, killedBy) => {
        resolve(
          told ?? (killedBy === null ? `it ended with exit code ${String(code)}` : `${killedBy} ended it`),
        );
      });
      child.send(order, (error) => {
        // The process has ended before: 'close' tells.
        if (error !== null) stop();
      });
      if (signal?.aborted) stop();
    });
    if (typeof end !== 'string' && end.kind === 'done') return end;
    if (signal?.aborted) throw new AdvError('INTERRUPTED', 'the run was stopped; its state is saved');
    if (typeof end === 'string') throw new Error(`the process of the run failed: ${end}\n${errors}`.trim());
    throw failure(end);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function failure({ code, message }: Extract<RunEnd, { kind: 'failed' }>): Error {
  return code === 'UNEXPECTED' ? new Error(message) : new AdvError(code as AdvErrorCode, message);
}
