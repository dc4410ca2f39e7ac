import { expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { readLines } from '../../../src/files/lines.js';
import { zstdLines } from './compression/zstd-files.js';
import { expectMalformed, fileWith } from '../support.js';
import { bytesOf, expectCutOff } from './support.js';

const lines = Buffer.from(zstdLines);

test('gives plain files as they are, however short', async () => {
  for (const content of ['', 'a', 'abc', 'abcd', '\u001f']) {
    expect(await bytesOf(Buffer.from(content))).toEqual(Buffer.from(content));
  }
});

test('decompresses gzip, whatever the name', async () => {
  for (const name of ['data.tsv', 'data.tsv.gz', 'data']) {
    expect((await bytesOf(gzipSync(lines), name)).equals(lines)).toBe(true);
  }
});

test('takes what has several members, empty ones too', async () => {
  const [half, rest] = [lines.subarray(0, 70_000), lines.subarray(70_000)];
  const nothing = Buffer.alloc(0);
  const members = Buffer.concat([half, nothing, rest].map((part) => gzipSync(part)));
  expect((await bytesOf(members)).equals(lines)).toBe(true);
});

test('holds a name to its promise', async () => {
  for (const content of [Buffer.from('good\tpos\n'), Buffer.alloc(0), Buffer.of(0x1f)]) {
    const said = /data\.tsv\.gz: expected gzip data because of its name, got data that is not/;
    await expectMalformed(bytesOf(content, 'data.tsv.gz'), said);
  }
  const said = /data\.tsv\.zst: expected zstd data because of its name, got gzip/;
  await expectMalformed(bytesOf(gzipSync(lines), 'data.tsv.zst'), said);
});

test('says so when gzip data is cut off anywhere', async () => {
  await expectCutOff('gzip', gzipSync(lines, { level: 1 }));
});

test('says so when something stands behind compressed data', async () => {
  for (const more of [Buffer.from('more'), Buffer.of(0, 0x8b, 8, 0)]) {
    const data = Buffer.concat([gzipSync(lines), more]);
    await expectMalformed(bytesOf(data), /data\.tsv: expected whole gzip data, got: /);
  }
});

test('says so when a checksum differs', async () => {
  const stored = Buffer.from(gzipSync(lines, { level: 0 }));
  stored.writeUInt8(stored.readUInt8(1000) ^ 1, 1000);
  await expectMalformed(bytesOf(stored), /gzip data, got: incorrect data check/);
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
