import { AdvError } from './errors.js';
import { errorCode } from './system-error.js';
import { asMemoryError } from './memory-error.js';

/**
 * Whatever an interruption made a callee throw, as one kind of error, and so what a lack of memory did; other errors
 * come back as they are.
 *
 * @param hint what to do next
 */
export function asInterruption(error: unknown, signal: AbortSignal | undefined, hint?: string): unknown {
  if (!signal?.aborted) return asMemoryError(error);
  if (error instanceof AdvError) {
    return error.code === 'INTERRUPTED' && error.hint === undefined
      ? interrupted(error.message, hint, error)
      : error;
  }
  const aborted = error instanceof Error && error.name === 'AbortError';
  return aborted || isCancelled(error) ? interrupted('the work was interrupted', hint, error) : error;
}

/** True for the rejection of a call that cancel() stopped. */
export function isCancelled(error: unknown): boolean {
  return errorCode(error) === 'CANCELLED';
}

function interrupted(message: string, hint?: string, cause?: unknown): AdvError {
  return new AdvError('INTERRUPTED', message, hint, { cause });
}
