import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { requireWritable, writeAtomically } from '../../../../src/base/storage/atomic-file.js';
import { folderOfFile } from '../../support.js';

const folder = folderOfFile();
beforeAll(async () => {
  await mkdir(join(folder(), 'folder'));
  execFileSync('mkfifo', [join(folder(), 'pipe')]);
  await symlink('pipe', join(folder(), 'link'));
});

it.each([
  ['pipe', 'it is no ordinary file'],
  ['link', 'it is no ordinary file'],
  ['folder', 'it is a folder (EISDIR)'],
])('puts no file in the place of a %s', async (name, reason) => {
  const path = join(folder(), name);
  const before = await readdir(folder());
  const refused = { code: 'STORAGE', message: `cannot write ${path}: ${reason}` };
  await expect(writeAtomically(path, ['content'])).rejects.toMatchObject(refused);
  await expect(requireWritable(path)).rejects.toMatchObject(refused);
  expect((await stat(path)).isFile()).toBe(false);
  expect(await readdir(folder())).toEqual(before);
});

it('replaces a file as a whole', async () => {
  const path = join(folder(), 'file');
  for (const content of ['first', 'second']) {
    await requireWritable(path);
    await writeAtomically(path, [content.slice(0, 2), content.slice(2)]);
    expect(await readFile(path, 'utf8')).toBe(content);
  }
});
