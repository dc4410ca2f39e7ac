/**
 * What went wrong, as a stable name that programs can compare.
 *
 * - `USAGE` an option or argument is wrong (the CLI exits with 2)
 * - `DATA_MISSING` files that were asked for are nowhere to be found
 * - `DATA_MALFORMED` a file is there but its content is not what its format says, or does not fit what it is used for
 * - `DOWNLOAD` a download failed or its checksum differs
 * - `RUN_DIRECTORY` a run directory is in use, incomplete or of another kind
 * - `CHECKPOINT` a checkpoint is truncated, damaged or of another version
 * - `STORAGE` the disk is full or not writable
 * - `NATIVE` the addon could not be loaded or refused a call, or the process may not have the memory that it needs
 * - `NOT_FINITE` a loss or gradient became NaN or infinite
 * - `MODEL` an ONNX model cannot be read or lacks its metadata
 * - `LAUNCHER` a batch system is not there, refuses a job or does not answer
 * - `INTERRUPTED` the caller's AbortSignal fired (the CLI exits with 130, 143 after SIGTERM, 129 after SIGHUP)
 */
export type AdvErrorCode =
  | 'USAGE'
  | 'DATA_MISSING'
  | 'DATA_MALFORMED'
  | 'DOWNLOAD'
  | 'RUN_DIRECTORY'
  | 'CHECKPOINT'
  | 'STORAGE'
  | 'NATIVE'
  | 'NOT_FINITE'
  | 'MODEL'
  | 'LAUNCHER'
  | 'INTERRUPTED';

/** Every error this package throws on purpose: a code for programs, a message and a hint for people. */
export class AdvError extends Error {
  override readonly name = 'AdvError';

  /**
   * @param code stable name of the failure
   * @param message what was expected and what came
   * @param hint what to do about it, if anything is known
   */
  constructor(
    readonly code: AdvErrorCode,
    message: string,
    readonly hint?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
