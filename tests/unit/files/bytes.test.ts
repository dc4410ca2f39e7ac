import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { readBytes } from '../../../src/files/bytes.js';
import { readLines } from '../../../src/files/lines.js';
import { zstdLines } from './compression/zstd-files.js';
import { advError, collect, expectMalformed, fileWith, forAll } from '../support.js';

const read = async (content: Uint8Array, name = 'data.tsv') =>
  Buffer.concat(await collect(readBytes(await fileWith(content, name))));

const lines = Buffer.from(zstdLines);

test('gives plain files as they are, however short', async () => {
  for (const content of ['', 'a', 'abc', 'abcd', '\u001f']) {
    expect(await read(Buffer.from(content))).toEqual(Buffer.from(content));
  }
});

test('decompresses gzip, whatever the name', async () => {
  for (const name of ['data.tsv', 'data.tsv.gz', 'data']) {
    expect((await read(gzipSync(lines), name)).equals(lines)).toBe(true);
  }
});

test('takes what has several members, empty ones too', async () => {
  const [half, rest] = [lines.subarray(0, 70_000), lines.subarray(70_000)];
  const nothing = Buffer.alloc(0);
  const members = Buffer.concat([half, nothing, rest].map((part) => gzipSync(part)));
  expect((await read(members)).equals(lines)).toBe(true);
});

test('holds a name to its promise', async () => {
  for (const content of [Buffer.from('good\tpos\n'), Buffer.alloc(0), Buffer.of(0x1f)]) {
    await expectMalformed(
      read(content, 'data.tsv.gz'),
      /data\.tsv\.gz: expected gzip data because of its name, got data that is not/,
    );
  }
  await expect(read(gzipSync(lines), 'data.tsv.zst')).rejects.toEqual(
    advError('DATA_MALFORMED', /data\.tsv\.zst: expected zstd data because of its name, got gzip/),
  );
});

test('says so when gzip data is cut off anywhere', async () => {
  const whole = gzipSync(lines, { level: 1 });
  const cut = fc.integer({ min: 4, max: whole.length - 1 });
  await forAll([cut], {
    numRuns: 60,
    examples: [[4], [whole.length - 1], [whole.length - 4], [whole.length - 8]],
  }).check(async (length) => {
    await expect(read(whole.subarray(0, length))).rejects.toEqual(
      advError('DATA_MALFORMED', /data\.tsv: expected whole gzip data, got: an end before the end/),
    );
  });
});

test('says so when something stands behind compressed data', async () => {
  const damage = [Buffer.from('more'), Buffer.of(0, 0x8b, 8, 0)];
  for (const more of damage) {
    await expect(read(Buffer.concat([gzipSync(lines), more]))).rejects.toEqual(
      advError('DATA_MALFORMED', /data\.tsv: expected whole gzip data, got: /),
    );
  }
});

test('says so when a checksum differs', async () => {
  const stored = Buffer.from(gzipSync(lines, { level: 0 }));
  stored.writeUInt8(stored.readUInt8(1000) ^ 1, 1000);
  await expectMalformed(read(stored), /gzip data, got: incorrect data check/);
});

test('closes a file that is not read to its end', async () => {
  const file = await fileWith(gzipSync(lines));
  for (let time = 0; time < 3; time++) {
    for await (const line of readLines(file)) {
      expect(line).toEqual({ number: 1, text: 'text 0 of some words\tlabel0' });
      break;
    }
  }
});
