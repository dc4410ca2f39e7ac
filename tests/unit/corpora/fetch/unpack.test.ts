import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { unpack, type Member } from '../../../../src/corpora/fetch/unpack.js';
import { temporaryFolder } from '../../support.js';
import { paxRecord, tarGzOf, tarOf, withZip64, zipOf, type TarEntry } from './archives.js';

type Format = 'tar.gz' | 'zip';

const wanted: Member = { name: 'en/train.txt', path: 'release/train.txt', mostBytes: 100_000 };
const good = { path: 'en/train.txt', content: 'one\ntwo\n' };

/** Unpacks an archive, and makes sure that nothing is written. */
async function unpacked(format: Format, content: Uint8Array, members: readonly Member[] = [wanted]) {
  const folder = await temporaryFolder();
  const archive = join(folder, 'archive');
  await writeFile(archive, content);
  try {
    const found = await unpack(archive, format, members);
    return Object.fromEntries([...found].map(([path, bytes]) => [path, bytes.toString()]));
  } finally {
    expect(await readdir(folder)).toEqual(['archive']);
  }
}

const taken = { 'release/train.txt': 'one\ntwo\n' };

async function expectRefused(format: Format, content: Uint8Array, reason: RegExp): Promise<void> {
  await expect(unpacked(format, content)).rejects.toThrow(reason);
}

describe.each([
  ['tar.gz', tarGzOf],
  ['zip', zipOf],
] as const)('unpacking %s', (format, archiveOf) => {
  test('gives the wanted files alone, under their own paths', async () => {
    const second = { name: 'en/test.txt', path: 'test.txt', mostBytes: 10 };
    const content = archiveOf(
      { path: 'README', content: 'read me' },
      good,
      { path: 'hn/train.txt', content: 'other' },
      { path: 'en/test.txt', content: '' },
    );
    expect(await unpacked(format, content, [wanted, second])).toEqual({ ...taken, 'test.txt': '' });
  });

  test('finds a file below a folder around all, and with a dot before it', async () => {
    for (const path of ['tasks/v1/en/train.txt', './en/train.txt', 'tasks//./en/train.txt'])
      expect(await unpacked(format, archiveOf({ ...good, path })), path).toEqual(taken);
    await expectRefused(format, archiveOf({ ...good, path: 'shorten/train.txt' }), /lacks en\/train\.txt/);
  });

  test('keeps bytes as they are, in files of many pieces', async () => {
    const codes = Array.from({ length: 90_000 }, (_, n) => 32 + ((n * 7) % 90));
    const content = Buffer.from(codes).toString();
    expect(await unpacked(format, archiveOf({ ...good, content }))).toEqual({ 'release/train.txt': content });
  });

  test('refuses a second entry for a wanted file', async () => {
    const twice = /more than one entry for en\/train/;
    await expectRefused(format, archiveOf(good, { ...good, content: 'other' }), twice);
    await expectRefused(format, archiveOf(good, { ...good, path: 'v2/en/train.txt' }), twice);
  });

  test('refuses a file that is larger than it may be', async () => {
    const content = createHash('shake256', { outputLength: 50_000 }).digest('hex');
    await expectRefused(format, archiveOf({ ...good, content: `${content}.` }), /expected at most 100000/);
    expect(await unpacked(format, archiveOf({ ...good, content }))).toEqual({ 'release/train.txt': content });
  });

  test('says which wanted files are missing', async () => {
    for (const path of ['en/other.txt', 'en/train.txt/', 'EN/Train.txt']) {
      const entry = path.endsWith('/') ? { path } : { ...good, path };
      await expectRefused(format, archiveOf(entry), /it lacks en\/train\.txt$/);
    }
  });

  test('refuses what is cut short, at any place', async () => {
    const content = archiveOf({ path: 'README', content: 'r'.repeat(700) }, good);
    for (let length = 0; length < content.length; length += 7)
      await expectRefused(format, content.subarray(0, length), /^the archive cannot be used: \w/);
  });

  test('says what came in place of an archive', async () => {
    const page = Buffer.from('<!DOCTYPE html><title>Moved</title>'.repeat(40));
    await expectRefused(format, page, /cannot be used: .*; it begins with "<!DOCTYPE html><title>Mo"$/);
    await expectRefused(format, Buffer.alloc(0), /cannot be used: .*; it begins with ""$/);
  });
});

describe('unpacking tar.gz', () => {
  test.each<[string, TarEntry]>([
    ['a path that leads out', { path: '../../x', content: 'evil' }],
    ['an absolute path', { path: '/tmp/advnative-x', content: 'evil' }],
    ['a link in the way of the file', { path: 'en', type: 'SymbolicLink', linkpath: '/tmp' }],
    ['a hard link', { path: 'hn/train.txt', type: 'Link', linkpath: '../../archive' }],
    ['a device', { path: 'dev', type: 'CharacterDevice' }],
  ])('leaves alone %s', async (_, evil) => {
    expect(await unpacked('tar.gz', tarGzOf(evil, good))).toEqual(taken);
    expect(await unpacked('tar.gz', tarGzOf(good, evil))).toEqual(taken);
  });

  test.each(['SymbolicLink', 'Link', 'FIFO'] as const)('takes no %s for a file', async (type) => {
    const linkpath = type === 'FIFO' ? '' : '/etc/hostname';
    await expectRefused('tar.gz', tarGzOf({ path: 'en/train.txt', type, linkpath }), /it lacks en\/train/);
  });

  test('takes long names from the records before them', async () => {
    const folder = 'long-folder-name/'.repeat(20);
    const long = tarGzOf(paxRecord(`${folder}en/train.txt`), { ...good, path: 'short' });
    expect(await unpacked('tar.gz', long)).toEqual(taken);
  });

  test('takes an archive that lost its compression on the way, or has filling after it', async () => {
    expect(await unpacked('tar.gz', tarOf(good))).toEqual(taken);
    expect(await unpacked('tar.gz', Buffer.concat([tarGzOf(good), Buffer.alloc(2_000)]))).toEqual(taken);
  });

  test('refuses a size that nothing follows', async () => {
    await expectRefused('tar.gz', tarGzOf({ ...good, size: 2 ** 40 }), /truncated|expected at most/i);
    await expectRefused('tar.gz', tarGzOf({ path: 'README', size: 2 ** 34 }, good), /truncated/i);
  });

  test('refuses a bomb: what unpacks to hundreds of times its own size', async () => {
    const zeros = Array.from({ length: 64 }, () => gzipSync(Buffer.alloc(2 ** 20), { level: 9 }));
    const start = gzipSync(tarOf({ path: 'zeros', size: 2 ** 33 }).subarray(0, 512));
    await expectRefused('tar.gz', Buffer.concat([start, ...zeros]), /max decompression ratio exceeded/);
    // After the end of the archive as well, where the parser collects it.
    await expectRefused('tar.gz', Buffer.concat([tarGzOf(good), ...zeros]), /max decompression ratio/);
  });
});

describe('unpacking zip', () => {
  test.each(['../x', 'en/../../../x', '/tmp/advnative-x', 'C:/x'])('refuses one with %s', async (path) => {
    await expectRefused('zip', zipOf(good, { path, content: 'evil' }), /invalid relative path|absolute path/);
  });

  test('takes no link for a file', async () => {
    const link = zipOf({ ...good, content: '/etc/hostname', mode: 0o120777 });
    await expectRefused('zip', link, /it lacks en\/train\.txt/);
  });

  test('refuses a file whose checksum or size is not what the directory says', async () => {
    const damaged = /en\/train\.txt is damaged: its CRC-32 is another/;
    await expectRefused('zip', zipOf({ ...good, crc: 1 }), damaged);
    await expectRefused('zip', zipOf({ ...good, size: 3 }), /too many bytes/);
    await expectRefused('zip', zipOf({ ...good, size: 9_000 }), /not enough bytes/);
  });

  test('refuses a bomb by what its directory claims, before it inflates it', async () => {
    const content = Buffer.alloc(50_000_000);
    const before = performance.now();
    await expectRefused('zip', zipOf({ ...good, content }), /expected at most 100000/);
    await expectRefused('zip', zipOf({ ...good, content, size: 99_999 }), /too many bytes/);
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  test('refuses encryption and unknown compression', async () => {
    await expectRefused('zip', zipOf({ ...good, flags: 1 }), /encrypted/);
    await expectRefused('zip', zipOf({ ...good, method: 99 }), /compression method/);
  });

  test('reads the records of large archives, and refuses positions that no file has', async () => {
    const large = withZip64(zipOf(good));
    expect(await unpacked('zip', large)).toEqual(taken);
    const locator = large.length - 42;
    const record = large.length - 98;
    for (const place of [locator + 8, record + 48]) {
      for (const position of [2n ** 63n, 2n ** 53n + 2n, 2n ** 52n, BigInt(large.length)]) {
        const evil = Buffer.from(large);
        evil.writeBigUInt64LE(position, place);
        await expectRefused('zip', evil, /^the archive cannot be used: \w/);
      }
    }
  });

  test('leaves out what the Finder adds', async () => {
    const added = { path: '__MACOSX/en/._train.txt', content: 'x' };
    expect(await unpacked('zip', zipOf(good, added))).toEqual(taken);
  });
});
