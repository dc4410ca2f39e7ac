import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildHint } from '../../../src/engine/build-hint.js';
import { packageRoot } from '../../../src/base/package.js';
import { put, temporaryFolder } from '../support.js';

/** A project with some files, and the folder of the package in it. */
async function installedIn(place: string, ...files: readonly string[]): Promise<string> {
  const project = await temporaryFolder();
  await mkdir(join(project, place), { recursive: true });
  for (const file of files) await put(project, file, '');
  return join(project, place);
}

const plain = 'node_modules/advnative';

it.each([
  ['npm', plain, ['package-lock.json'], 'npm rebuild advnative (npm 12'],
  ['nothing that is known', plain, [], 'npm rebuild advnative (npm 12'],
  [
    'pnpm',
    'node_modules/.pnpm/advnative@1.0.0/node_modules/advnative',
    ['pnpm-lock.yaml'],
    'pnpm approve-builds',
  ],
  ['bun', plain, ['bun.lock'], 'bun pm trust advnative'],
  ['yarn 1', plain, ['yarn.lock'], 'yarn install --force'],
  ['yarn 4', plain, ['yarn.lock', '.yarnrc.yml'], 'yarn rebuild advnative, once'],
  ['npm below a project of yarn', `inner/${plain}`, ['yarn.lock', 'inner/package-lock.json'], 'npm rebuild'],
])('names the command of %s', async (_, place, files, command) => {
  expect(buildHint(await installedIn(place, ...files))).toContain(`Build it with: ${command}`);
});

it('names the command of a checkout', () => {
  expect(buildHint(packageRoot)).toBe(
    'Build it with: npm run build:native. That needs a C++20 compiler and CMake 3.21 or newer.',
  );
});
