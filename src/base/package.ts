import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const require = createRequire(import.meta.url);
const manifestPath = require.resolve('../../package.json');
const manifest = require(manifestPath) as { version: string };

/** The folder that holds package.json, whether this runs from src/ or from dist/. */
export const packageRoot = dirname(manifestPath);

/** Version of this package. */
export const packageVersion = manifest.version;
