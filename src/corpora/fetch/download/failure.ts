import { errorCode, systemReason, writeFailure } from '../../../base/system-error.js';

/** One attempt to download failed; the next may succeed when `retry` is true. */
export class FailedAttempt extends Error {
  constructor(
    message: string,
    readonly retry: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * An answer that brings nothing.
 *
 * @param who answered, for the message: the words are the standard's for this status, not those that came
 */
export function refusal(who: string, status: number, retry: boolean): FailedAttempt {
  // Importing it would load Node's HTTP client, for commands that download nothing too.
  const { STATUS_CODES } = process.getBuiltinModule('node:http');
  return new FailedAttempt(`${who} answered HTTP ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd(), retry);
}

/** No answer came at all. */
export class Unreachable extends FailedAttempt {}

/** The disk could not take what came: no further attempt helps. */
export class StorageFailure extends Error {}

/**
 * Runs something that writes to the disk.
 *
 * @throws StorageFailure when it fails
 */
export async function onDisk<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    throw new StorageFailure(`cannot write ${path}: ${writeFailure(error).reason}`, { cause: error });
  }
}

/** {@link onDisk} for what is done at once. */
export function onDiskSync<Result>(path: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    throw new StorageFailure(`cannot write ${path}: ${writeFailure(error).reason}`, { cause: error });
  }
}

/** Why a request or its body failed, from the innermost cause that says something. */
export function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return networkReason(error.errors[0]);
  if (error.cause instanceof Error) return networkReason(error.cause);
  return systemReason(error);
}

/** Whether there is no host of this name, which another attempt will not change. */
export function isUnknownHost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return errorCode(error) === 'ENOTFOUND' || isUnknownHost(error.cause);
}
