import { open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Storage } from '../../../src/base/storage/atomic-file.js';
import { readTensorFile, writeTensorFile } from '../../../src/training/safetensors.js';
import { advError, expectRefused, temporaryFolder } from '../support.js';

const file = {
  tensors: {
    first: Float32Array.of(1.5, -0, 1e-45, 3.4e38),
    empty: new Float32Array(0),
    second: Float32Array.of(Math.fround(Math.PI)),
  },
  document: { sum: 0.1 + 0.2, tiny: 5e-324, large: 2 ** 53 - 1, text: 'čaj ✓', nested: [null, true] },
};

async function written(): Promise<string> {
  const path = join(await temporaryFolder(), 'file.safetensors');
  await writeTensorFile(path, file);
  return path;
}

it('gives back the same bits and numbers', async () => {
  const read = await readTensorFile(await written());
  expect(read).toEqual(file);
  expect(Object.is(read.tensors['first']?.[1], -0)).toBe(true);
});

it('writes the safetensors layout', async () => {
  const content = await readFile(await written());
  const length = Number(content.readBigUInt64LE(0));
  expect(length % 8).toBe(0);
  const header = JSON.parse(content.toString('utf8', 8, 8 + length)) as Record<
    string,
    Record<string, unknown>
  >;
  expect(header['first']).toEqual({ dtype: 'F32', shape: [4], data_offsets: [0, 16] });
  expect(header['second']).toEqual({ dtype: 'F32', shape: [1], data_offsets: [16, 20] });
  expect(Object.values(header['__metadata__'] ?? {}).every((value) => typeof value === 'string')).toBe(true);
  expect(content.readFloatLE(8 + length)).toBe(1.5);
  expect(content.length).toBe(8 + length + 20);
});

it('notices truncation at every length', async () => {
  const path = await written();
  const content = await readFile(path);
  for (let length = 0; length < content.length; length += 1) {
    await writeFile(path, content.subarray(0, length));
    await expectRefused(readTensorFile(path), 'CHECKPOINT', /truncated|damaged|not a/);
  }
});

it('notices every flipped bit that could change a value', async () => {
  const path = await written();
  const content = await readFile(path);
  const padding = new Set(Array.from(content.keys()).filter((place) => content[place] === 0x20));
  for (let place = 0; place < content.length; place += 1) {
    if (padding.has(place)) continue;
    const damaged = Buffer.from(content);
    damaged.writeUInt8(content.readUInt8(place) ^ 1, place);
    await writeFile(path, damaged);
    await expect(readTensorFile(path), `byte ${place}`).rejects.toThrow(advError('CHECKPOINT', /checkpoint/));
  }
});

it('says that a file is missing, too long or of another kind', async () => {
  const path = await written();
  await expectRefused(readTensorFile(`${path}.none`), 'CHECKPOINT', /no such file/);
  await writeFile(path, Buffer.concat([await readFile(path), Buffer.alloc(4)]));
  await expectRefused(readTensorFile(path), 'CHECKPOINT', /expected 20 bytes of tensors, got 24/);
  await writeFile(path, 'a text file that is no checkpoint at all');
  await expectRefused(readTensorFile(path), 'CHECKPOINT', /not a safetensors file/);
});

it.each([
  [{ shape: [0.25], data_offsets: [0, 1] }, /unexpected tensor 'a' \(F32 \[0\.25\]\)/],
  [{ shape: [-1], data_offsets: [0, -4] }, /unexpected tensor 'a'/],
  [{ shape: ['1'], data_offsets: [0, 4] }, /lacks the place of a tensor/],
  [{ shape: [1], data_offsets: [0, '4'] }, /lacks the place of a tensor/],
])('refuses a tensor at %j', async (place, said) => {
  const path = await written();
  const header = Buffer.from(JSON.stringify({ a: { dtype: 'F32', ...place } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await writeFile(path, Buffer.concat([length, header, Buffer.alloc(4)]));
  await expectRefused(readTensorFile(path), 'CHECKPOINT', said);
});

it('refuses numbers that JSON would change', async () => {
  const path = join(await temporaryFolder(), 'file');
  for (const value of [Number.NaN, Infinity]) {
    const failure = writeTensorFile(path, { tensors: {}, document: { value } });
    await expectRefused(failure, 'NOT_FINITE', /in 'value'/, /.?/);
  }
});

function failing(code: string): Storage {
  return {
    rename,
    rm,
    open: async (path, flags) => {
      const handle = await open(path, flags);
      let chunks = 0;
      return {
        sync: () => handle.sync(),
        close: () => handle.close(),
        writeFile: async (...content) => {
          chunks += 1;
          if (chunks === 3) throw Object.assign(new Error(`${code}: write`), { code });
          await handle.writeFile(...content);
        },
      };
    },
  };
}

it.each([
  ['ENOSPC', /no space left/],
  ['EACCES', /permission is denied/],
  ['EIO', /EIO/],
])('keeps the last good file when writing fails with %s', async (code, message) => {
  const path = await written();
  const next = { tensors: { first: Float32Array.of(2) }, document: {} };
  await expectRefused(writeTensorFile(path, next, failing(code)), 'STORAGE', message, /untouched/);
  expect(await readTensorFile(path)).toEqual(file);
  expect(await readdir(join(path, '..'))).toEqual(['file.safetensors']);
});
