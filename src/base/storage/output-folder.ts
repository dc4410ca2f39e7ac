import { storageError } from './atomic-file.js';
import { makeFolders } from './make-folders.js';

/**
 * Makes a folder for what will be written, where it is not there.
 *
 * @throws AdvError STORAGE when it cannot be made, or the path is that of a file
 */
export async function makeOutputFolder(path: string): Promise<void> {
  await makeFolders(path).catch((error: unknown) => {
    throw storageError(path, error);
  });
}
