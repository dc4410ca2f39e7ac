import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolders } from '../../../../src/base/storage/make-folders.js';
import { temporaryFolder } from '../../support.js';

it('makes what is missing, once and again', async () => {
  const path = join(await temporaryFolder(), 'a', 'b', 'c');
  await Promise.all([makeFolders(path), makeFolders(path), makeFolders(join(path, 'd'))]);
  await makeFolders(path);
  expect(statSync(join(path, 'd')).isDirectory()).toBe(true);
});

it('says what the system says where it cannot', async () => {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  await expect(makeFolders(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolders(join(folder, 'file', 'a'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  mkdirSync(join(folder, 'there'));
  await expect(makeFolders(join(folder, 'there'))).resolves.toBeUndefined();
});

it.runIf(process.platform === 'linux')('ends where no folder can be made in an existing one', async () => {
  await expect(makeFolders('/proc/no such process/a')).rejects.toMatchObject({ code: 'ENOENT' });
});
