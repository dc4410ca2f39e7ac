import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

/**
 * What two paths have in common exactly when they lead to one file, whatever their spelling and links. A file that is not there
 * yet is known by its name and its folder.
 */
export async function fileIdentity(path: string): Promise<string> {
  const facts = await stat(path, { bigint: true }).catch(() => undefined);
  if (facts !== undefined) return `${facts.dev}:${facts.ino}`;
  const full = resolve(path);
  const folder = dirname(full);
  return folder === full ? full : `${await fileIdentity(folder)}/${basename(full)}`;
}
