import { storageError } from '../../base/storage/atomic-file.js';
import { systemReason } from '../../base/system-error.js';

/** An address did not give what it should; the message says why, for the list of addresses that were tried. */
export class DownloadFailure extends Error {
  /**
   * @param answered whether its server said anything: where it did not, nothing else is asked of it
   */
  constructor(
    message: string,
    readonly answered: boolean,
    options?: ErrorOptions,
  ) {
    super(printable(message), options);
  }
}

/** The pieces of a download that was cut do not fit together: it may start again from nothing. */
export class Misfit extends DownloadFailure {
  constructor(message: string, options?: ErrorOptions) {
    super(message, true, options);
  }
}

/** Text with nothing in it that a terminal obeys: servers and archives choose some of the words. */
function printable(text: string): string {
  return text.replace(
    /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Runs something that changes the disk.
 *
 * @throws AdvError STORAGE when it fails: no other address helps
 */
export async function onDisk<Result>(path: string, change: () => Promise<Result>): Promise<Result> {
  try {
    return await change();
  } catch (error) {
    throw storageError(path, error);
  }
}

/** Why a request or its body failed, from the innermost cause that says something. */
export function networkReason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return networkReason(error.errors[0]);
  if (error instanceof Error && error.cause instanceof Error) return networkReason(error.cause);
  return systemReason(error);
}
