import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * Where downloaded data is kept: ADVNATIVE_CACHE, else advnative in XDG_CACHE_HOME (which counts only when absolute, by
 * the XDG Base Directory Specification), else ~/.cache/advnative.
 */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const { ADVNATIVE_CACHE: own, XDG_CACHE_HOME: shared } = environment;
  if (own) return resolve(own);
  return join(shared && isAbsolute(shared) ? shared : join(homedir(), '.cache'), 'advnative');
}
