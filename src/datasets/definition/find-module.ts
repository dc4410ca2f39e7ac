import { join, resolve as resolvePath } from 'node:path';
import { pathToFileURL } from 'node:url';
import { resolve } from 'import-meta-resolve';
import { packageRoot } from '../../base/package.js';
import { namesFile } from '../../files/file-name.js';

/**
 * The address of a module by the rules of `import`.
 *
 * @param name a package, looked for from the current folder and then from this package; or a file's path
 * @returns undefined when there is no such package
 * @throws Error when there is one but it names no module that can be imported
 */
export function findModule(name: string): string | undefined {
  if (name.trim() === '') return undefined;
  if (namesFile(name)) return pathToFileURL(resolvePath(name)).href;
  for (const folder of [process.cwd(), packageRoot]) {
    const address = findPackage(name, pathToFileURL(join(folder, 'package.json')).href);
    if (address !== undefined) return address;
  }
  return undefined;
}

function findPackage(name: string, parent: string): string | undefined {
  try {
    const address = resolve(name, parent);
    // What is no file, such as Node's own modules and addresses on the network, defines no dataset.
    return address.startsWith('file:') ? address : undefined;
  } catch (error) {
    if (isMissingPackage(error, name)) return undefined;
    throw error;
  }
}

/** Whether no package has the name. A package whose entry is missing is another error of the same code. */
function isMissingPackage(error: unknown, name: string): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  const packageName = name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
  return (
    code === 'ERR_INVALID_MODULE_SPECIFIER' ||
    (code === 'ERR_MODULE_NOT_FOUND' && error.message.startsWith(`Cannot find package '${packageName}'`))
  );
}
