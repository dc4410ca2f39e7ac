import fc from 'fast-check';
import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { readBytes } from '../../../src/files/bytes.js';
import { ZstdFrames } from '../../../src/files/compression/zstd/frames.js';
import { readLines } from '../../../src/files/lines.js';
import { skippableZstd, storedZstd, zstdLines, zstdOfLines } from './compression/zstd-files.js';
import { advError, collect, fileWith } from '../support.js';

const read = async (content: Uint8Array, name = 'data.tsv') =>
  Buffer.concat(await collect(readBytes(await fileWith(content, name))));

const lines = Buffer.from(zstdLines);
const hasZstd = spawnSync('zstd', ['--version']).status === 0;

describe('readBytes', () => {
  test('gives plain files as they are, however short', async () => {
    for (const content of ['', 'a', 'abc', 'abcd', '\u001f']) {
      expect(await read(Buffer.from(content))).toEqual(Buffer.from(content));
    }
  });

  test('decompresses gzip and zstd, whatever the name', async () => {
    for (const name of ['data.tsv', 'data.tsv.gz', 'data']) {
      expect((await read(gzipSync(lines), name)).equals(lines)).toBe(true);
    }
    for (const name of ['data.tsv', 'data.tsv.ZST']) {
      expect((await read(zstdOfLines, name)).equals(lines)).toBe(true);
    }
  });

  test('takes what has several members or frames, empty ones and frames to skip', async () => {
    const [half, rest] = [lines.subarray(0, 70_000), lines.subarray(70_000)];
    const nothing = Buffer.alloc(0);
    const members = Buffer.concat([half, nothing, rest].map((part) => gzipSync(part)));
    expect((await read(members)).equals(lines)).toBe(true);
    const frames = [
      skippableZstd(0),
      storedZstd(half),
      storedZstd(nothing),
      skippableZstd(300_000),
      storedZstd(rest),
    ];
    const twice = await read(Buffer.concat([...frames, zstdOfLines]));
    expect(twice.equals(Buffer.concat([lines, lines]))).toBe(true);
  });

  test('holds a name to its promise', async () => {
    for (const content of [Buffer.from('good\tpos\n'), Buffer.alloc(0), Buffer.of(0x1f)]) {
      await expect(read(content, 'data.tsv.gz')).rejects.toEqual(
        advError(
          'DATA_MALFORMED',
          /data\.tsv\.gz: expected gzip data because of its name, got data that is not/,
        ),
      );
    }
    await expect(read(gzipSync(lines), 'data.tsv.zst')).rejects.toEqual(
      advError('DATA_MALFORMED', /data\.tsv\.zst: expected zstd data because of its name, got gzip/),
    );
  });

  test.each([
    ['gzip', gzipSync(lines, { level: 1 })],
    ['zstd', zstdOfLines],
    ['zstd', storedZstd(lines)],
  ])('says so when %s data is cut off anywhere', async (form, whole) => {
    const cut = fc.integer({ min: 4, max: whole.length - 1 });
    await fc.assert(
      fc.asyncProperty(cut, async (length) => {
        await expect(read(whole.subarray(0, length))).rejects.toEqual(
          advError(
            'DATA_MALFORMED',
            new RegExp(`data\\.tsv: expected whole ${form} data, got: an end before the end`),
          ),
        );
      }),
      { numRuns: 60, examples: [[4], [whole.length - 1], [whole.length - 4], [whole.length - 8]] },
    );
  });

  test('says so when something stands behind compressed data', async () => {
    const damage = [Buffer.from('more'), Buffer.of(0, 0x8b, 8, 0)];
    for (const more of damage) {
      await expect(read(Buffer.concat([gzipSync(lines), more]))).rejects.toEqual(
        advError('DATA_MALFORMED', /data\.tsv: expected whole gzip data, got: /),
      );
      await expect(read(Buffer.concat([zstdOfLines, more]))).rejects.toEqual(
        advError('DATA_MALFORMED', /data\.tsv: expected whole zstd data, got: something that is no frame/),
      );
    }
  });

  test('says so when a checksum differs', async () => {
    const damaged = Buffer.from(zstdOfLines);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 1) ^ 1, damaged.length - 1);
    await expect(read(damaged)).rejects.toEqual(
      advError('DATA_MALFORMED', /zstd data, got: content whose checksum differs/),
    );
    const stored = Buffer.from(gzipSync(lines, { level: 0 }));
    stored.writeUInt8(stored.readUInt8(1000) ^ 1, 1000);
    await expect(read(stored)).rejects.toEqual(
      advError('DATA_MALFORMED', /gzip data, got: incorrect data check/),
    );
  });

  test('refuses a zstd frame that needs a dictionary or much memory', async () => {
    const magic = [0x28, 0xb5, 0x2f, 0xfd];
    await expect(read(Buffer.of(...magic, 1, 0, 7, 1, 0, 0))).rejects.toEqual(
      advError('DATA_MALFORMED', /a frame that needs a dictionary/),
    );
    await expect(read(Buffer.of(...magic, 0, 18 << 3, 1, 0, 0))).rejects.toEqual(
      advError('DATA_MALFORMED', /a frame with a window of 268435456 bytes, which is above 134217728/),
    );
  });

  test('gives a bomb in pieces', async () => {
    const repeated = Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3);
    // A block of 128 KiB is one byte many times.
    const block = Buffer.alloc(4);
    block.writeUIntLE((131_072 << 3) | 2, 0, 3);
    const blocks = Array.from({ length: 4000 }, () => block);
    const bomb = Buffer.concat([repeated, ...blocks, Buffer.of(1, 0, 0)]);
    let bytes = 0;
    for await (const piece of readBytes(await fileWith(bomb))) {
      expect(piece.length).toBeLessThanOrEqual(131_072);
      bytes += piece.length;
    }
    expect(bytes).toBe(4000 * 131_072);
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
});

describe('ZstdFrames', () => {
  const decompress = (whole: Buffer, size: number) => {
    const frames = new ZstdFrames();
    const pieces: Buffer[] = [];
    for (let start = 0; start < whole.length; start += size) {
      pieces.push(...frames.push(whole.subarray(start, start + size)));
    }
    frames.finish();
    return Buffer.concat(pieces);
  };

  test('does not mind where the bytes are cut', () => {
    const whole = Buffer.concat([storedZstd(lines.subarray(0, 1000)), skippableZstd(10), zstdOfLines]);
    const expected = Buffer.concat([lines.subarray(0, 1000), lines]);
    for (const size of [1, 2, 7, 100, 5000, 1 << 20]) {
      expect(decompress(whole, size).equals(expected)).toBe(true);
    }
  });

  test.runIf(hasZstd)('agrees with the zstd program at every level', () => {
    const noise = Buffer.from(Array.from({ length: 300_000 }, (_, place) => (place * place * 31) % 251));
    const mixed = Buffer.concat([lines, noise, Buffer.alloc(300_000), lines]);
    for (const level of [
      '--fast=9',
      '-1',
      '-3',
      '-7',
      '-12',
      '-19',
      '--ultra -22',
      '-3 --long=27',
      '-3 --no-check',
    ]) {
      const input = { input: mixed, maxBuffer: 1 << 28 };
      const whole = execFileSync('zstd', ['-q', '-c', ...level.split(' ')], input);
      expect(decompress(whole, 50_000).equals(mixed)).toBe(true);
    }
  });
});
