import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/base/package.js';
import { Command, temporaryFolder, Workplace, type Outcome } from './support.js';

const place = new Workplace(await temporaryFolder());

/** Modules that a command line loads, as file URLs: V8 reports its calls in each, and Node writes that to a folder. */
async function modulesLoadedBy(args: readonly string[]): Promise<string[]> {
  const coverage = join(place.folder, args.join(' '));
  const { code, stderr } = await place.startIn({ NODE_V8_COVERAGE: coverage }, ...args).ended;
  expect(code, stderr).toBe(0);
  const [report = ''] = await readdir(coverage);
  const { result } = JSON.parse(await readFile(join(coverage, report), 'utf8')) as {
    result: { url: string }[];
  };
  return result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
}

describe('a command line that only asks', () => {
  it.each([
    ['--version'],
    ['--help'],
    ['train --help'],
    ['predict --help'],
    ['bench --help'],
    ['datasets describe --help'],
  ])('loads the declarations of the commands and none of their bodies: %s', async (line) => {
    const modules = await modulesLoadedBy(line.split(' '));
    expect(modules.some((url) => url.endsWith('/dist/cli/main.js'))).toBe(true);
    const packages = modules.flatMap((url) => /\/node_modules\/([^/]+)/.exec(url)?.[1] ?? []);
    expect(new Set(packages)).toEqual(new Set(['commander']));
    // Each takes about a millisecond of the 0.12 s that --version may; time itself is no measure on a busy machine.
    expect(modules.length, modules.join('\n')).toBeLessThan(60);
  });
});

describe('the package', () => {
  beforeAll(async () => {
    await mkdir(join(place.folder, 'node_modules'));
    await symlink(packageRoot, join(place.folder, 'node_modules', 'advnative'));
    await writeFile(join(place.folder, 'without-wasm.cjs'), 'delete globalThis.WebAssembly;');
  });

  /** Runs a file of a user's project, where nothing can compile WebAssembly. */
  async function runFile(name: string, program: string): Promise<Outcome> {
    await writeFile(join(place.folder, name), program);
    return new Command(place.folder, [process.execPath, '--require', './without-wasm.cjs', name]).ended;
  }

  it.each([
    ['advnative.cjs', "const { train: entry } = require('advnative');"],
    ['inference.cjs', "const { load: entry } = require('advnative/inference');"],
    ['advnative.mjs', "import { train as entry } from 'advnative';"],
    ['inference.mjs', "import { load as entry } from 'advnative/inference';"],
  ])('is loaded without a warning, and nothing is compiled for it: %s', async (name, program) => {
    const outcome = await runFile(name, `${program} console.log(typeof entry);`);
    expect(outcome).toEqual({ code: 0, stdout: 'function\n', stderr: '' });
  });
});
