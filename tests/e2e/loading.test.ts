import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, Workplace } from './support.js';

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
    expect(modules.length, modules.join('\n')).toBeLessThan(45);
  });
});
