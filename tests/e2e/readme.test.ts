import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/base/package.js';
import { Command, temporaryFolder } from './support.js';

const folder = await temporaryFolder();

/** Programs that a document shows, in its order. */
async function programsOf(document: string): Promise<string[]> {
  const text = await readFile(join(packageRoot, document), 'utf8');
  return [...text.matchAll(/^```ts\n(?<program>.*?)^```$/gmsu)].map(
    ({ groups }) => groups?.['program'] ?? '',
  );
}

it('shows programs whose types are right for a user of the package', async () => {
  const programs = [...(await programsOf('README.md')), ...(await programsOf('datasets/README.md'))];
  expect(programs.length).toBeGreaterThan(4);
  await mkdir(join(folder, 'node_modules', '@types'), { recursive: true });
  await symlink(packageRoot, join(folder, 'node_modules', 'advnative'));
  await symlink(
    join(packageRoot, 'node_modules', '@types', 'node'),
    join(folder, 'node_modules', '@types', 'node'),
  );
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const names = programs.map((_, place) => `program-${place}.ts`);
  for (const [place, name] of names.entries()) await writeFile(join(folder, name), programs[place] ?? '');
  const options =
    '--noEmit --strict --target es2023 --lib es2023,esnext.disposable --module nodenext --types node';
  const compiler = join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const compile = [process.execPath, compiler, ...options.split(' '), '--skipLibCheck', ...names];
  expect(await new Command(folder, compile).ended).toEqual({ code: 0, stdout: '', stderr: '' });
});
