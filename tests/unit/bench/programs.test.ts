import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../src/base/package.js';

const folder = join(packageRoot, 'bench');
const programs = readdirSync(folder).filter((name) => name.endsWith('.js'));
const imports = programs.flatMap((program) => {
  const text = readFileSync(join(folder, program), 'utf8');
  const found = text.matchAll(/^import \{([^}]+)\} from '\.\.\/dist\/(.+)\.js';$/gmu);
  return Array.from(found, ([, names = '', module = '']) => ({ program, names, module }));
});

// No compiler reads the programs of bench/, which import what was built of src/.
it.each(imports)('$program imports what src/$module has', async ({ names, module }) => {
  const exported = (await import(/* @vite-ignore */ join(packageRoot, 'src', `${module}.ts`))) as object;
  const wanted = names.split(',').map((name) => name.trim());
  expect(wanted.filter((name) => name !== '' && !(name in exported))).toEqual([]);
});

it('no import of a program from dist/ is written in a way that the test before overlooks', () => {
  const texts = programs.map((program) => readFileSync(join(folder, program), 'utf8'));
  const all = texts.join('\n').match(/^import\b[^;]*'\.\.\/dist\/|\bimport\(\s*'\.\.\/dist\//gmu);
  expect(all).toHaveLength(imports.length);
});
