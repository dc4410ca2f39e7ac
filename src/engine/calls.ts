import { AdvError } from '../base/errors.js';
import { isCancelled } from '../base/interruption.js';
import { asMemoryError } from '../base/memory-error.js';
import { errorCode } from '../base/system-error.js';
import type { NativeClassifier } from './addon.js';

/**
 * What a call of the engine threw, as an error for users: USAGE for a wrong argument, NOT_FINITE, NATIVE for all else, a lack of memory
 * among it.
 * A cancelled call's error stays, because only its caller knows whether it was an interruption.
 */
export function fromNative(error: unknown): unknown {
  if (error instanceof AdvError || !(error instanceof Error) || isCancelled(error)) return error;
  const lack = asMemoryError(error);
  if (lack !== error) return lack;
  const { message } = error;
  const code = errorCode(error);
  if (code === 'NOT_FINITE') {
    return new AdvError(
      'NOT_FINITE',
      message,
      'Try a smaller learning rate (--lr), gradient clipping (--clip-norm 5) or a smaller --epsilon. ' +
        'No update was applied, and the last checkpoint is as it was.',
      { cause: error },
    );
  }
  if (code === 'THREADS') {
    const hint = 'Use fewer: --threads N, or the option threads.';
    return new AdvError('NATIVE', message, hint, { cause: error });
  }
  const wrongArgument =
    error instanceof TypeError || error instanceof RangeError || code === 'INVALID_ARGUMENT';
  return new AdvError(wrongArgument ? 'USAGE' : 'NATIVE', message, undefined, { cause: error });
}

/**
 * Runs a call of the engine that answers at once.
 *
 * @throws AdvError as fromNative makes it
 */
export function callEngine<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw fromNative(error);
  }
}

/**
 * Runs one call of the engine and stops it as soon as the signal fires.
 *
 * @throws what the call rejects with; an error of code 'CANCELLED' when the signal stopped it
 */
export async function cancellable<Result>(
  classifier: Pick<NativeClassifier, 'cancel'>,
  signal: AbortSignal | undefined,
  call: () => Promise<Result>,
): Promise<Result> {
  const cancel = (): void => {
    classifier.cancel();
  };
  // First, so that a call that has begun is always awaited.
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await call();
  } catch (error) {
    throw fromNative(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

/** Between two calls there is nothing to cancel: the work then ends the way cancel() would end it. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw Object.assign(new Error('the work was cancelled'), { code: 'CANCELLED' });
}
