import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { AdvError } from '../base/errors.js';
import { systemReason } from '../base/system-error.js';
import type { DatasetFile } from './types.js';

/** Size and checksums of a file. */
export interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
  /** Id that git gives this content: SHA-1 of "blob <bytes>\0" and the content. */
  readonly gitBlob: string;
}

/**
 * Computes size and checksums of a file in one streaming pass.
 *
 * @throws AdvError DATA_MISSING when it cannot be read, INTERRUPTED when the signal fires
 */
export async function digestFile(path: string, signal?: AbortSignal): Promise<FileDigest> {
  try {
    const { size } = await stat(path);
    const sha256 = createHash('sha256');
    const gitBlob = createHash('sha1').update(`blob ${size}\0`);
    let bytes = 0;
    for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Buffer>) {
      sha256.update(chunk);
      gitBlob.update(chunk);
      bytes += chunk.length;
    }
    return { bytes, sha256: sha256.digest('hex'), gitBlob: gitBlob.digest('hex') };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * What a run records of files, in their order.
 *
 * @param files each by the name it is recorded by and its path
 * @throws AdvError as {@link digestFile} does
 */
export async function describeFiles(
  files: readonly { readonly name: string; readonly path: string }[],
  signal?: AbortSignal,
): Promise<DatasetFile[]> {
  const described: DatasetFile[] = [];
  for (const { name, path } of files) {
    const { bytes, sha256 } = await digestFile(path, signal);
    described.push({ name, bytes, sha256 });
  }
  return described;
}

/**
 * Refuses pipes and the like where a file is read several times or in parts: they give what they hold once, from start to end.
 *
 * @throws AdvError DATA_MISSING when it is none of a disk, or cannot be looked at
 */
export async function requireStoredFile(path: string): Promise<void> {
  try {
    const facts = await stat(path);
    // A folder has an error of its own, from reading it.
    if (facts.isFile() || facts.isDirectory()) return;
    throw new AdvError(
      'DATA_MISSING',
      `${path}: expected a regular file, because it is read more than once, got ${kindOf(facts)}`,
      'Write its content to a file first.',
    );
  } catch (error) {
    throw unreadable(path, error);
  }
}

function kindOf(facts: Stats): string {
  if (facts.isFIFO()) return 'a pipe';
  return facts.isSocket() ? 'a socket' : 'a device';
}

/** Whether a file with something in it is there and may be read. */
export async function isReadable(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK);
    const entry = await stat(path);
    return entry.isFile() && entry.size > 0;
  } catch {
    return false;
  }
}

/** The error for a file that could not be read: says which file and what the system said. */
export function unreadable(path: string, error: unknown): AdvError {
  if (error instanceof AdvError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new AdvError('INTERRUPTED', `reading ${path} was interrupted`, undefined, { cause: error });
  }
  return new AdvError(
    'DATA_MISSING',
    `expected a readable file at ${path}, got: ${systemReason(error)}`,
    'Check the path and its permissions.',
    { cause: error },
  );
}
