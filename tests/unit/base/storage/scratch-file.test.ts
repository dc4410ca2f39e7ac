import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ScratchFile } from '../../../../src/base/storage/scratch-file.js';
import { expectRefused, folderOfFile } from '../../support.js';

const folder = folderOfFile();

it('gives back what was written, in any order, and has no name from the start', async () => {
  const file = await ScratchFile.create(folder());
  expect(await readdir(folder())).toEqual([]);
  await file.append(Uint16Array.of(1, 2, 3));
  await file.append(Uint16Array.of(9, 4, 5, 9).subarray(1, 3));
  const [late, early] = [new Uint16Array(2), new Uint16Array(1)];
  await file.read([
    { position: 6, into: late },
    { position: 2, into: early },
  ]);
  expect([...late, ...early]).toEqual([4, 5, 2]);
  await file.read([]);
  await file.close();
});

it('says so when a part reaches beyond the end', async () => {
  const file = await ScratchFile.create(folder());
  await file.append(Uint8Array.of(1, 2, 3));
  const into = new Uint8Array(4);
  await expectRefused(file.read([{ position: 0, into }]), 'STORAGE', /got 3 of 4 bytes at 0/);
  await file.close();
});

it('ends the reads that have begun before it is closed', async () => {
  const file = await ScratchFile.create(folder());
  await file.append(new Uint8Array(1 << 20).fill(7));
  const into = new Uint8Array(1 << 20);
  const reading = file.read([{ position: 0, into }]);
  await file.close();
  await reading;
  expect(into.every((byte) => byte === 7)).toBe(true);
});

it('says where nothing can be written', async () => {
  const none = join(folder(), 'none');
  await expectRefused(ScratchFile.create(none), 'STORAGE', none, /--out/);
});

it.runIf(process.platform === 'linux')('says so when the disk is full', async () => {
  const file = await ScratchFile.create(folder());
  // The one device that is always full stands for the disk: its answer goes the same way through append().
  const full = await import('node:fs/promises').then(({ open }) => open('/dev/full', 'w'));
  const prototype = Object.getPrototypeOf(full) as { writeFile: (...args: unknown[]) => Promise<void> };
  const { writeFile } = prototype;
  prototype.writeFile = (...args) => writeFile.apply(full, args);
  try {
    const appending = file.append(new Uint8Array(5000));
    await expectRefused(appending, 'STORAGE', 'no space left on device (ENOSPC) after 0 MiB', /^/);
  } finally {
    prototype.writeFile = writeFile;
    await full.close();
    await file.close();
  }
});
