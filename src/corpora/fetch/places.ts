import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a fetch keeps what it works on, all of it beside the corpus's own folder and so on the same disk. */
export interface StagingPlaces {
  /** The folder of all this: `<folder>.part`. */
  readonly path: string;
  /** Whole and right files that wait until all are there. */
  readonly collected: string;
  /** Downloads. */
  readonly incoming: string;
  /** What an archive is unpacked to. */
  readonly unpacked: string;
  /** Old files, while new ones take their places. */
  readonly replaced: string;
  /** Tells that files are being replaced, and which. */
  readonly replacing: string;
}

/** @param folder the corpus's own folder, where it {@link ownFolder really lies} */
export function stagingPlaces(folder: string): StagingPlaces {
  const path = `${folder}.part`;
  return {
    path,
    collected: join(path, 'files'),
    incoming: join(path, 'incoming'),
    unpacked: join(path, 'unpacked'),
    replaced: join(path, 'replaced'),
    replacing: join(path, 'replacing.json'),
  };
}

/** Where a folder really lies, when its name is a link. */
export async function ownFolder(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/** Whether there is anything of this name. */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
