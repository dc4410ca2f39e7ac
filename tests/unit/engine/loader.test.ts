import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadAddon } from '../../../src/engine/loader.js';
import { advError, temporaryFolder } from '../support.js';

it('lists what was tried, the machine and what to do when there is no addon', async () => {
  const root = await temporaryFolder();
  const tried = new RegExp(
    `${process.platform} ${process.arch}, Node ${process.versions.node}[^]*build.Release`,
  );
  expect(() => loadAddon(root)).toThrow(
    advError('NATIVE', tried, /npm rebuild advnative.*C\+\+20 compiler and CMake/),
  );
});

it('says why an addon that is there cannot be loaded', async () => {
  const root = await temporaryFolder();
  await mkdir(join(root, 'build', 'Release'), { recursive: true });
  await writeFile(join(root, 'build', 'Release', 'advnative.node'), 'no shared library');
  expect(() => loadAddon(root)).toThrow(
    advError('NATIVE', /advnative\.node could not be loaded.*(too short|header)/),
  );
});
