import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const manifestPath = require.resolve('../../package.json');
const manifest = require(manifestPath) as { version: string };

/** The folder that holds package.json, whether this runs from src/ or from dist/. */
export const packageRoot = dirname(manifestPath);

/** Version of this package. */
export const packageVersion = manifest.version;

/** The commit that was compiled into dist/; undefined where it was not compiled in the package's own repository. */
export function packageCommit(): string | undefined {
  try {
    return readFileSync(join(packageRoot, 'dist', 'commit'), 'utf8').trim();
  } catch {
    return undefined;
  }
}
