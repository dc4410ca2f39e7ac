import fc from 'fast-check';
import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readBytes } from '../../../../src/files/bytes.js';
import { hasZstd, unzstd, unzstdWhole } from '../../../../src/files/compression/zstd.js';
import { ZstdFrames } from '../../../../src/files/compression/zstd-frames.js';
import { collect, expectMalformed, expectRefused, fileWith, forAll } from '../../support.js';
import { bytesOf, chunksOf, expectCutOff } from '../support.js';
import { skippableZstd, storedZstd, zstdLines, zstdOfLines, zstdOfVaried, zstdVaried } from './zstd-files.js';

const unpack = async (whole: Buffer, size: number) =>
  Buffer.concat(await collect(unzstd(chunksOf(whole, size), 'data')));

const lines = Buffer.from(zstdLines);
const [half, rest] = [lines.subarray(0, 70_000), lines.subarray(70_000)];
const nothing = Buffer.alloc(0);
const magic = [0x28, 0xb5, 0x2f, 0xfd];

describe('the frames of zstd data', () => {
  const frames = [storedZstd(half), skippableZstd(10), storedZstd(nothing), zstdOfLines, storedZstd(rest)];
  const whole = Buffer.concat([skippableZstd(0), ...frames, skippableZstd(3)]);

  test('end where they end, however their bytes come', () => {
    for (const size of [1, 2, 7, 100, 5000, 1 << 20]) {
      const walker = new ZstdFrames();
      const found: Buffer[][] = [[]];
      for (let start = 0; start < whole.length; start += size) {
        for (const { bytes, ends } of walker.push(whole.subarray(start, start + size))) {
          found.at(-1)?.push(bytes);
          if (ends) found.push([]);
        }
      }
      walker.finish();
      const expected = [...frames.filter((_, place) => place !== 1), nothing];
      expect(found).toHaveLength(expected.length);
      found.forEach((parts, place) => {
        expect(Buffer.concat(parts).equals(expected[place] ?? nothing)).toBe(true);
      });
    }
  });

  test('are cut off where the data ends anywhere else', async () => {
    const ends = new Set<number>();
    for (let end = 0, place = -1; place <= frames.length; place++) {
      end += place === -1 ? 8 : (frames[place] ?? skippableZstd(3)).length;
      ends.add(end);
    }
    const lengths = fc.integer({ min: 1, max: whole.length - 1 }).filter((length) => !ends.has(length));
    await forAll([lengths], {
      numRuns: 300,
      examples: [...ends].flatMap((end) => [[end - 1], [end + 1]] as [number][]).slice(0, -1),
    }).check((length) => {
      const walker = new ZstdFrames();
      for (const { bytes } of walker.push(whole.subarray(0, length))) expect(bytes.length).toBeGreaterThan(0);
      expect(() => {
        walker.finish();
      }).toThrow('an end before the end of the data');
    });
  });

  test('have nothing between them', () => {
    expect(() => [...new ZstdFrames().push(Buffer.concat([zstdOfLines, Buffer.from('more')]))]).toThrow(
      'something that is no frame',
    );
  });
});

test.skipIf(hasZstd)('where Node has no zstd, a file of it says what to do', async () => {
  const said = /data\.tsv: expected Node 22\.15 or newer for zstd data, got Node 20/;
  await expectRefused(bytesOf(zstdOfLines), 'USAGE', said, /zstd -dc < \S+ > NEW$/);
});

describe.skipIf(!hasZstd)('zstd data, which Node has from 22.15 on,', () => {
  test('is decompressed, whatever the name', async () => {
    for (const name of ['data.tsv', 'data.tsv.ZST']) {
      expect((await bytesOf(zstdOfLines, name)).equals(lines)).toBe(true);
    }
  });

  test('may have several frames, empty ones and frames to skip', async () => {
    const parts = [storedZstd(half), storedZstd(nothing), skippableZstd(300_000), storedZstd(rest)];
    const whole = Buffer.concat([skippableZstd(0), ...parts, zstdOfLines]);
    const twice = Buffer.concat([lines, lines]);
    expect((await bytesOf(whole)).equals(twice)).toBe(true);
    expect(unzstdWhole(whole, lines.length).equals(twice)).toBe(true);
    expect((await unpack(zstdOfVaried, 1 << 20)).equals(Buffer.concat(zstdVaried))).toBe(true);
  });

  test('may be cut into chunks anywhere', async () => {
    const whole = Buffer.concat([storedZstd(lines.subarray(0, 1000)), skippableZstd(10), zstdOfLines]);
    const expected = Buffer.concat([lines.subarray(0, 1000), lines]);
    for (const size of [1, 2, 7, 100, 5000, 1 << 20]) {
      expect((await unpack(whole, size)).equals(expected)).toBe(true);
    }
  });

  test.each([
    ['compressed', zstdOfLines],
    ['stored', storedZstd(lines)],
  ])('says so when it is cut off anywhere, %s', async (_how, whole) => {
    await expectCutOff('zstd', whole, (left) => {
      expect(() => unzstdWhole(left, lines.length)).toThrow('an end before the end');
    });
  });

  test('says so when something stands behind it', async () => {
    for (const more of [Buffer.from('more'), Buffer.of(0, 0x8b, 8, 0)]) {
      const said = /data\.tsv: expected whole zstd data, got: something that is no frame/;
      await expectMalformed(bytesOf(Buffer.concat([zstdOfLines, more])), said);
    }
  });

  test('says so when a checksum differs', async () => {
    const damaged = Buffer.from(zstdOfLines);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 1) ^ 1, damaged.length - 1);
    await expectMalformed(bytesOf(damaged), /zstd data, got: content whose checksum differs/);
    expect(() => unzstdWhole(damaged, lines.length)).toThrow(/checksum/);
  });

  test('says so when there is more or less of it than its header says', async () => {
    // The size, 8 bytes, stands behind the magic number, the descriptor and the window; and zlib looks at none before an empty block.
    const ends = storedZstd(lines);
    const lastBlock = 6 + 8 + 3 + 131_072;
    const endsEmpty = Buffer.concat([ends, Buffer.of(1, 0, 0)]);
    endsEmpty.writeUInt8(endsEmpty.readUInt8(lastBlock) & ~1, lastBlock);
    expect((await bytesOf(endsEmpty)).equals(lines)).toBe(true);
    for (const [whole, size, reason] of [
      [ends, lines.length - 1, /got: (more content than a header says|Data corruption detected)$/],
      [ends, lines.length + 1, /got: Data corruption detected$/],
      [endsEmpty, lines.length + 1, /got: 179357 bytes of content where the header says 179358$/],
    ] as const) {
      const damaged = Buffer.from(whole);
      damaged.writeBigUInt64LE(BigInt(size), 6);
      await expectMalformed(bytesOf(damaged), reason);
      expect(() => unzstdWhole(damaged, lines.length)).toThrow();
    }
  });

  test.each([
    ['a frame that needs a dictionary', [1, 0, 7, 1, 0, 0]],
    ['a frame with a window above 128 MiB', [0, 18 << 3, 1, 0, 0]],
    ['Data corruption detected', [0, 0, 7, 0, 0]],
    // A block of one literal and 65,535 matches of 65,539 to 131,074 bytes each.
    ['Data corruption detected', [0, 7 << 3, 0x55, 0, 0, 8, 0x61, 255, 255, 255, 0b01010100, 0, 0, 52, 1]],
  ])('is refused at once: %s', async (reason, frame) => {
    const began = performance.now();
    const said = new RegExp(`expected whole zstd data, got: ${reason}$`);
    await expectMalformed(bytesOf(Buffer.of(...magic, ...frame)), said);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test('gives a bomb in pieces, and not at once', async () => {
    // A block of 128 KiB is one byte many times.
    const block = Buffer.alloc(4);
    block.writeUIntLE((131_072 << 3) | 2, 0, 3);
    const blocks = Array.from({ length: 4000 }, () => block);
    const bomb = Buffer.concat([Buffer.of(...magic, 0, 7 << 3), ...blocks, Buffer.of(1, 0, 0)]);
    let bytes = 0;
    for await (const piece of readBytes(await fileWith(bomb))) {
      expect(piece.length).toBeLessThanOrEqual(131_072);
      bytes += piece.length;
    }
    expect(bytes).toBe(4000 * 131_072);
    expect(() => unzstdWhole(bomb, 1 << 20)).toThrow(/larger than 1048576 bytes/);
  });

  test.runIf(spawnSync('zstd', ['--version']).status === 0)(
    'may be of the zstd program at any level',
    async () => {
      const noise = Buffer.from(Array.from({ length: 300_000 }, (_, place) => (place * place * 31) % 251));
      const mixed = Buffer.concat([lines, noise, Buffer.alloc(300_000), lines]);
      const levels = ['--fast=9', '-1', '-3', '-7', '-12', '-19', '--ultra -22', '-3 --long=27'];
      for (const level of [...levels, '-3 --no-check']) {
        const input = { input: mixed, maxBuffer: 1 << 28 };
        const whole = execFileSync('zstd', ['-q', '-c', ...level.split(' ')], input);
        expect((await unpack(whole, 50_000)).equals(mixed)).toBe(true);
      }
    },
  );
});
