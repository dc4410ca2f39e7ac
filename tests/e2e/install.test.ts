import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/base/package.js';
import { Command, mainScript, temporaryFolder, type Outcome } from './support.js';

const folder = await temporaryFolder();

const npm = (place: string, ...args: readonly string[]): Promise<Outcome> =>
  new Command(place, ['npm', '--silent', ...args]).ended;

/** A checkout of one source file, with a dist/ of earlier. */
async function checkout(name: string, source: string): Promise<string> {
  const place = join(folder, name);
  for (const path of ['package.json', 'tsconfig.json', 'tsconfig.build.json', '.ci/build-ts.js']) {
    await cp(join(packageRoot, path), join(place, path), { recursive: true });
  }
  await mkdir(join(place, 'src', 'cli'), { recursive: true });
  await writeFile(join(place, 'src', 'cli', 'main.ts'), source);
  await mkdir(join(place, 'dist'));
  await writeFile(join(place, 'dist', 'earlier.js'), '');
  return place;
}

const withDevelopmentPackages = (place: string): Promise<void> =>
  symlink(join(packageRoot, 'node_modules'), join(place, 'node_modules'));

describe('npm run prepare', () => {
  it('compiles a checkout, and leaves nothing of an earlier compile', async () => {
    const place = await checkout('right', 'export const answer: number = 42;\n');
    await withDevelopmentPackages(place);
    expect(await npm(place, 'run', 'prepare')).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(join(place, 'dist'))).toEqual(['cli']);
    expect((await readdir(join(place, 'dist', 'cli'))).toSorted()).toEqual(['main.d.ts', 'main.js']);
    expect((await readdir(place)).filter((entry) => entry.startsWith('build-'))).toEqual([]);
  });

  it('makes the program executable, which npx relies on where it linked the checkout before', async () => {
    const place = await checkout('program', '#!/usr/bin/env node\nconsole.log(42);\n');
    await withDevelopmentPackages(place);
    expect(await npm(place, 'run', 'prepare')).toMatchObject({ code: 0, stderr: '' });
    expect(await new Command(place, [join(place, 'dist', 'cli', 'main.js')]).ended).toMatchObject({
      code: 0,
      stdout: '42\n',
    });
  });

  it('leaves dist/ as it is when the source does not compile', async () => {
    const place = await checkout('wrong', "export const answer: number = '42';\n");
    await withDevelopmentPackages(place);
    const { code, stdout } = await npm(place, 'run', 'prepare');
    expect(code).toBe(1);
    expect(stdout).toContain('TS2322');
    expect(await readdir(join(place, 'dist'))).toEqual(['earlier.js']);
    expect((await readdir(place)).filter((entry) => entry.startsWith('build-'))).toEqual([]);
  });

  it('says in one line what it needs when the development packages were left out', async () => {
    const place = await checkout('omitted', 'export const answer: number = 42;\n');
    const kept = await npm(place, 'run', 'prepare');
    expect(kept).toMatchObject({ code: 0, stderr: expect.stringMatching(/^[^\n]*npm ci\n$/) as string });
    expect(await readdir(join(place, 'dist'))).toEqual(['earlier.js']);
    await rm(join(place, 'dist'), { recursive: true });
    const missing = await npm(place, 'run', 'prepare');
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringMatching(/^[^\n]*npm ci\n/) as string });
  });

  it('finds nothing to do in a packed package', async () => {
    const place = await checkout('packed', '');
    for (const path of ['.ci', 'src', 'tsconfig.json', 'tsconfig.build.json']) {
      await rm(join(place, path), { recursive: true });
    }
    expect(await npm(place, 'run', 'prepare')).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(join(place, 'dist'))).toEqual(['earlier.js']);
  });
});

describe('npm ci in a checkout', () => {
  it('runs no script of a dependency: that of onnxruntime-node downloads libraries for CUDA', async () => {
    const lock = await readFile(join(packageRoot, 'package-lock.json'), 'utf8');
    const { packages } = JSON.parse(lock) as { packages: Record<string, { hasInstallScript?: boolean }> };
    const running = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript);
    // npm 10 goes by this mark, which `npm install` of a new version sets again; npm 11 by allowScripts of package.json.
    expect(running, 'remove "hasInstallScript" of dependencies from package-lock.json').toEqual(['']);
  });

  it('has no setting of which npm warns', async () => {
    expect(await readFile(join(packageRoot, '.npmrc'), 'utf8')).toBe(
      'omit-lockfile-registry-resolved=true\n',
    );
  });
});

describe('the packed package without its addon', () => {
  const project = join(folder, 'project');
  const installed = join(project, 'node_modules', 'advnative');

  beforeAll(async () => {
    const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
    const packed = execFileSync('npm', pack, { cwd: packageRoot, encoding: 'utf8' });
    await mkdir(installed, { recursive: true });
    await extract({ file: join(folder, packed.trim()), cwd: installed, strip: 1 });
    for (const name of await readdir(join(packageRoot, 'node_modules'))) {
      await symlink(join(packageRoot, 'node_modules', name), join(project, 'node_modules', name));
    }
    const quick = 'train --limit 60 --size small --epochs 1'.split(' ');
    const train = [...quick, '--out', join(project, 'run')];
    const { code, stderr } = await new Command(project, [process.execPath, mainScript, ...train]).ended;
    expect(code, stderr).toBe(0);
  });

  it.each([
    ['user.cjs', "const { load } = require('advnative/inference');"],
    ['user.mjs', "import { load } from 'advnative/inference';"],
  ])('classifies: %s', async (name, first) => {
    const rest = [
      "load('run/model.onnx')",
      ".then((model) => model.classify(['Where is Mary?']))",
      '.then(([{ label }]) => console.log(label));',
    ];
    await writeFile(join(project, name), [first, ...rest].join('\n'));
    const outcome = await new Command(project, [process.execPath, name]).ended;
    expect(outcome).toEqual({ code: 0, stdout: expect.stringMatching(/^[a-z]+\n$/) as string, stderr: '' });
  });

  it('has the command line, and says how to build what training needs', async () => {
    const command = [process.execPath, join(installed, 'dist', 'cli', 'main.js')];
    const predicted = await new Command(project, [...command, 'predict', 'run/model.onnx', 'Where?']).ended;
    expect(predicted.stdout).toMatch(/^[a-z]+\t/);
    const train = ['train', '--limit', '60', '--quiet'];
    const { code, stderr } = await new Command(project, [...command, ...train]).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('npm rebuild advnative');
  });
});
