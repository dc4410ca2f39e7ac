import { isAbsolute } from 'node:path';

/** Whether a name means a file: a path, or something that ends like a module. */
export function namesFile(name: string): boolean {
  return /^\.{0,2}[\\/]/u.test(name) || isAbsolute(name) || /\.[cm]?js$/u.test(name);
}
