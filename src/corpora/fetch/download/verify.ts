import { digestFile } from '../../../files/files.js';

/** What a file's content must be. */
export interface Checksum {
  readonly kind: 'sha256' | 'gitBlob';
  /** Lower-case hexadecimal. */
  readonly value: string;
}

/**
 * Compares a file with its checksum.
 *
 * @returns undefined when they agree or nothing is known, else what was expected and what came
 */
export async function checksumMismatch(
  path: string,
  checksum: Checksum | undefined,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (checksum === undefined) return undefined;
  const digest = await digestFile(path, signal);
  const actual = digest[checksum.kind];
  if (actual === checksum.value) return undefined;
  const kind = checksum.kind === 'gitBlob' ? 'git blob id' : 'SHA-256';
  return `expected ${kind} ${checksum.value}, got ${actual} (${digest.bytes} bytes)`;
}
