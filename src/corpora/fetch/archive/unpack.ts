import { StorageFailure } from '../download/failure.js';
import { MemberList, type Member } from './members.js';
import { unpackTarGz } from './tar-gz.js';
import { unpackZip } from './zip.js';

/** What to unpack, and where to. */
export interface Unpacking {
  /** Path of the archive. */
  readonly archive: string;
  readonly format: 'tar.gz' | 'zip';
  /** The files that are wanted; nothing else is written. */
  readonly members: readonly Member[];
  /** An empty folder, which gets the members under their paths. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Unpacks the wanted files of an archive.
 *
 * @returns what is wrong with the archive, for which the folder may then hold a part of the files; undefined when all
 * wanted files are there
 * @throws StorageFailure when the disk fails, and the signal's error when it fires
 */
export async function unpack({
  archive,
  format,
  members,
  folder,
  signal,
}: Unpacking): Promise<string | undefined> {
  const list = new MemberList(members);
  try {
    await (format === 'zip' ? unpackZip : unpackTarGz)(archive, list, folder, signal);
    list.requireAll();
    return undefined;
  } catch (error) {
    if (error instanceof StorageFailure || signal?.aborted) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}
