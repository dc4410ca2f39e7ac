import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a package manager leaves in a project, and how it builds a package there. The first that is found counts. */
const managers: readonly { readonly mark: string; readonly build: string }[] = [
  { mark: '.ci/build-ts.js', build: 'npm run build:native' },
  { mark: 'pnpm-lock.yaml', build: 'pnpm approve-builds (pnpm builds nothing before it is allowed)' },
  { mark: 'bun.lock', build: 'bun pm trust advnative (bun builds nothing before it is trusted)' },
  { mark: 'bun.lockb', build: 'bun pm trust advnative (bun builds nothing before it is trusted)' },
  {
    mark: '.yarnrc.yml',
    build:
      'yarn rebuild advnative, once package.json has "dependenciesMeta": { "advnative": { "built": true } }',
  },
  { mark: 'yarn.lock', build: 'yarn install --force' },
];

const npm = 'npm rebuild advnative (npm 12 and newer before: npm install-scripts approve advnative)';

/**
 * What to do where the addon is missing, in the words of what installed this package.
 *
 * @param root folder of the package
 */
export function buildHint(root: string): string {
  const build = buildCommand(root);
  return `Build it with: ${build}. That needs a C++20 compiler and CMake 3.21 or newer.`;
}

function buildCommand(root: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    const manager = managers.find(({ mark }) => existsSync(join(folder, mark)));
    if (manager !== undefined) return manager.build;
    if (existsSync(join(folder, 'package-lock.json')) || folder === dirname(folder)) return npm;
  }
}
