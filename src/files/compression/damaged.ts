import { AdvError } from '../../base/errors.js';

/** The error for a compressed file that cannot be decompressed to its end. */
export function damaged(file: string, form: string, reason: string, cause?: unknown): AdvError {
  return new AdvError(
    'DATA_MALFORMED',
    `${file}: expected whole ${form} data, got: ${reason}`,
    'The file is damaged or cut off: copy, download or make it again.',
    { cause },
  );
}
