import { getSystemErrorMap } from 'node:util';

/** The code that the system, Node or the engine gave an error, such as 'ENOENT'; '' where it has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Whether a path names nothing. */
export function isMissing(error: unknown): boolean {
  return errorCode(error) === 'ENOENT';
}

/** Why the system refused, in its own words and with its code, such as "no such file or directory (ENOENT)". */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, errno } = error as NodeJS.ErrnoException;
  const words = errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1];
  return code === undefined ? error.message : `${words ?? error.message} (${code})`;
}

/** Why something could not be written. */
export interface WriteFailure {
  /** In words and with the system's code, such as "no space left on device (ENOSPC)". */
  readonly reason: string;
  /** What a user can do about it, as a sentence. */
  readonly advice: string;
  /** Whether the path could hold no file before either. */
  readonly neverThere: boolean;
}

/** Reasons in words that tell more than the system's of a path that is to be written. */
const writeFailures: Readonly<Record<string, readonly [reason: string, advice: string]>> = {
  ENOSPC: ['no space left on device', 'Free space there.'],
  EDQUOT: ['the disk quota is used up', 'Free space there.'],
  EACCES: ['permission is denied', 'Fix the permissions or name another path.'],
  EPERM: ['permission is denied', 'Fix the permissions or name another path.'],
  EROFS: ['the file system is read-only', 'Name a path on another one.'],
  ENOENT: ['its folder does not exist', 'Make the folder or name another path.'],
  ENOTDIR: ['a part of the path is a file, not a folder', 'Name another path.'],
  EISDIR: ['it is a folder', 'Name the path of a file.'],
};

/** What a failed write means for a user. */
export function writeFailure(error: unknown): WriteFailure {
  const code = errorCode(error);
  const [reason, advice = 'Name another path or see to the disk.'] = writeFailures[code] ?? [];
  return {
    reason: reason === undefined ? systemReason(error) : `${reason} (${code})`,
    advice,
    neverThere: ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code),
  };
}
