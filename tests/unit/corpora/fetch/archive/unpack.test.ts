import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Member } from '../../../../../src/corpora/fetch/archive/members.js';
import { unpack } from '../../../../../src/corpora/fetch/archive/unpack.js';
import { temporaryFolder } from '../../../support.js';
import { paxRecord, tarGzOf, tarOf, withZip64, zipOf } from './archives.js';

type Format = 'tar.gz' | 'zip';

const wanted: Member = { name: 'en/train.txt', path: 'release/train.txt', mostBytes: 100_000 };
const good = { path: 'en/train.txt', content: 'one\ntwo\n' };

/** Unpacks an archive in a folder of its own, and lists all that is in that folder and beside it afterwards. */
async function unpacked(
  format: Format,
  content: Uint8Array,
  members: readonly Member[] = [wanted],
): Promise<{ problem: string | undefined; files: string[]; folder: string }> {
  const base = await temporaryFolder();
  const archive = join(base, 'archive');
  const folder = join(base, 'a', 'folder');
  await mkdir(folder, { recursive: true });
  await writeFile(archive, content);
  const problem = await unpack({ archive, format, members, folder });
  const files = await readdir(base, { recursive: true, withFileTypes: true });
  return {
    problem,
    folder,
    files: files
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(base.length + 1))
      .filter((name) => name !== 'archive')
      .toSorted(),
  };
}

/** Expects that an archive is refused with a reason, and that nothing lies outside its folder. */
async function expectRefused(format: Format, content: Uint8Array, reason: RegExp): Promise<void> {
  const { problem, files } = await unpacked(format, content);
  expect(problem).toMatch(reason);
  expect(files.filter((name) => name !== 'a/folder/release/train.txt')).toEqual([]);
}

describe.each([
  ['tar.gz', tarGzOf],
  ['zip', zipOf],
] as const)('unpacking %s', (format, archiveOf) => {
  test('writes the wanted files alone, under their own paths', async () => {
    const second = { name: 'en/test.txt', path: 'test.txt', mostBytes: 10 };
    const content = archiveOf(
      { path: 'README', content: 'read me' },
      good,
      { path: 'hn/train.txt', content: 'other' },
      { path: 'en/test.txt', content: '' },
    );
    const { problem, files, folder } = await unpacked(format, content, [wanted, second]);
    expect(problem).toBeUndefined();
    expect(files).toEqual(['a/folder/release/train.txt', 'a/folder/test.txt']);
    expect(await readFile(join(folder, 'release/train.txt'), 'utf8')).toBe('one\ntwo\n');
    expect(await readFile(join(folder, 'test.txt'), 'utf8')).toBe('');
  });

  test('finds a file below a folder around all, and with a dot before it', async () => {
    for (const path of ['tasks/v1/en/train.txt', './en/train.txt', 'tasks//./en/train.txt']) {
      const { problem, files } = await unpacked(format, archiveOf({ ...good, path }));
      expect(problem, path).toBeUndefined();
      expect(files).toHaveLength(1);
    }
    await expectRefused(format, archiveOf({ ...good, path: 'shorten/train.txt' }), /lacks "en\/train\.txt"/);
  });

  test('keeps bytes as they are, in files of many pieces', async () => {
    const content = Buffer.from(Array.from({ length: 99_999 }, (_, n) => (n * 2_654_435_761) % 256));
    const { folder } = await unpacked(format, archiveOf({ ...good, content }));
    expect((await readFile(join(folder, 'release/train.txt'))).equals(content)).toBe(true);
  });

  test.each([
    ['../x', /leads out of its folder by '\.\.'/],
    ['en/../../../x', /leads out of its folder by '\.\.'/],
    ['/tmp/advnative-x', /absolute path/],
    ['en\\..\\..\\x', /backslash/],
    ['C:/x', /drive/],
    ['en/\u001b[2Jx', /control characters/],
  ])('refuses an entry named %j, before or after the wanted one', async (path, reason) => {
    await expectRefused(format, archiveOf({ path, content: 'evil' }, good), reason);
    await expectRefused(format, archiveOf(good, { path, content: 'evil' }), reason);
  });

  test('shows names from the archive without what a terminal obeys', async () => {
    const { problem } = await unpacked(format, archiveOf({ path: 'a\u001b[2J\u009b\u202e' }));
    expect(problem).toMatch(/^[ -~]+$/);
  });

  test('refuses a second entry for a wanted file', async () => {
    await expectRefused(
      format,
      archiveOf(good, { ...good, content: 'other' }),
      /more than one entry for "en\/train/,
    );
    await expectRefused(format, archiveOf(good, { ...good, path: 'v2/en/train.txt' }), /more than one entry/);
  });

  test('refuses names that only case or the form of letters tells apart', async () => {
    await expectRefused(format, archiveOf({ ...good, path: 'EN/Train.txt' }), /only in the form of letters/);
    await expectRefused(
      format,
      archiveOf(good, { ...good, path: 'en/ｔrain.txt' }),
      /only in the form of letters/,
    );
  });

  test('refuses a file that is larger than it may be, whatever its header says', async () => {
    const content = Buffer.alloc(100_001);
    await expectRefused(format, archiveOf({ ...good, content }), /more than the 100000 bytes/);
    expect(
      (await unpacked(format, archiveOf({ ...good, content: Buffer.alloc(100_000) }))).problem,
    ).toBeUndefined();
  });

  test('says which wanted files are missing', async () => {
    await expectRefused(
      format,
      archiveOf({ path: 'en/other.txt', content: 'x' }),
      /it lacks "en\/train\.txt"$/,
    );
    await expectRefused(format, archiveOf({ path: 'en/train.txt/' }), /folder, expected a file|lacks/);
  });

  test('refuses what is cut short, at any place', async () => {
    const content = archiveOf({ path: 'README', content: 'r'.repeat(700) }, good);
    for (let length = 0; length < content.length; length += 7) {
      const { problem } = await unpacked(format, content.subarray(0, length));
      expect(problem, `${length} of ${content.length} bytes`).toMatch(/./);
    }
  });

  test('says what came in place of an archive', async () => {
    const page = Buffer.from('<!DOCTYPE html><title>Moved</title>'.repeat(40));
    await expectRefused(
      format,
      page,
      /^it is no (tar\.gz|zip) archive, it begins with "<!DOCTYPE html><title>Mo"/,
    );
    await expectRefused(format, Buffer.alloc(0), /^it is no (tar\.gz|zip) archive, it begins with ""/);
  });

  test('writes over nothing, and through no link', async () => {
    const base = await temporaryFolder();
    const outside = join(base, 'outside.txt');
    await writeFile(outside, 'untouched');
    await writeFile(join(base, 'archive'), archiveOf(good));
    await mkdir(join(base, 'folder', 'release'), { recursive: true });
    await symlink(outside, join(base, 'folder', 'release', 'train.txt'));
    await expect(
      unpack({ archive: join(base, 'archive'), format, members: [wanted], folder: join(base, 'folder') }),
    ).rejects.toThrow(/cannot write .*train\.txt: .*EEXIST/);
    expect(await readFile(outside, 'utf8')).toBe('untouched');
  });

  test('stops at the signal', async () => {
    const base = await temporaryFolder();
    await writeFile(join(base, 'archive'), archiveOf(good));
    const signal = AbortSignal.abort();
    await expect(
      unpack({ archive: join(base, 'archive'), format, members: [wanted], folder: base, signal }),
    ).rejects.toThrow(/abort/i);
  });
});

describe('unpacking tar.gz', () => {
  test('refuses links, and files that would go through them', async () => {
    const link = { path: 'en', type: 'SymbolicLink', linkpath: '/tmp' } as const;
    await expectRefused('tar.gz', tarGzOf(link, good), /entry "en" is a symbolic link/);
    const hard = { path: 'en/train.txt', type: 'Link', linkpath: '../../archive' } as const;
    await expectRefused('tar.gz', tarGzOf(hard), /entry "en\/train\.txt" is a hard link/);
    await expectRefused('tar.gz', tarGzOf(good, hard), /is a hard link/);
  });

  test.each(['CharacterDevice', 'BlockDevice', 'FIFO'] as const)('refuses a %s', async (type) => {
    await expectRefused('tar.gz', tarGzOf(good, { path: 'dev', type }), /entry "dev" is a device/);
  });

  test('takes long names from the records before them, and judges those', async () => {
    const folder = 'long-folder-name/'.repeat(20);
    const taken = tarGzOf(paxRecord(`${folder}en/train.txt`), { ...good, path: 'short' });
    expect((await unpacked('tar.gz', taken)).problem).toBeUndefined();
    await expectRefused('tar.gz', tarGzOf(paxRecord('../../x'), { ...good, path: 'short' }), /leads out/);
    const gnu = { path: '././@LongLink', type: 'NextFileHasLongPath', content: '/etc/x\0' } as const;
    await expectRefused('tar.gz', tarGzOf(gnu, { ...good, path: 'short' }), /absolute path/);
  });

  test('takes an archive that lost its compression on the way', async () => {
    const { problem, files } = await unpacked('tar.gz', tarOf(good));
    expect(problem).toBeUndefined();
    expect(files).toHaveLength(1);
  });

  test('takes an archive with filling after it', async () => {
    for (const filling of [Buffer.alloc(2_000), Buffer.concat([Buffer.alloc(1), tarGzOf(good)])]) {
      const { problem, files } = await unpacked('tar.gz', Buffer.concat([tarGzOf(good), filling]));
      expect(problem).toBeUndefined();
      expect(files).toHaveLength(1);
    }
  });

  test('refuses an archive in an archive, and a size that nothing follows', async () => {
    await expectRefused('tar.gz', gzipSync(tarGzOf(good)), /compressed twice/);
    await expectRefused('tar.gz', tarGzOf({ ...good, size: 2 ** 40 }), /truncated|more than/i);
    await expectRefused('tar.gz', tarGzOf({ path: 'README', size: 2 ** 34 }, good), /truncated/i);
  });

  test('refuses a bomb: a small archive that unpacks to half a gibibyte or more', async () => {
    const mebibyte = Buffer.alloc(2 ** 20);
    const zeros = gzipSync(mebibyte, { level: 9 });
    const start = gzipSync(tarOf({ path: 'zeros', size: 2 ** 33 }).subarray(0, 512));
    const bomb = Buffer.concat([start, ...Array.from({ length: 513 }, () => zeros)]);
    expect(bomb.length).toBeLessThan(2 ** 20);
    await expectRefused('tar.gz', bomb, /unpacks to more than 536870912 bytes/);
    // After the end of the archive as well, where the parser would collect it.
    const filled = Buffer.concat([tarGzOf(good), ...Array.from({ length: 513 }, () => zeros)]);
    await expectRefused('tar.gz', filled, /unpacks to more than 536870912 bytes/);
  });
});

describe('unpacking zip', () => {
  test('refuses links and devices', async () => {
    await expectRefused(
      'zip',
      zipOf({ path: 'en', content: '/tmp', mode: 0o120777 }, good),
      /"en" is a symbolic link/,
    );
    await expectRefused('zip', zipOf(good, { path: 'dev', mode: 0o020666 }), /"dev" is a device/);
  });

  test('refuses a file whose checksum or size is not what the directory says', async () => {
    await expectRefused(
      'zip',
      zipOf({ ...good, crc: 1 }),
      /"en\/train\.txt" is damaged: expected 8 bytes with CRC-32 00000001, got 8 with 12ba0be6/,
    );
    await expectRefused('zip', zipOf({ ...good, size: 3 }), /more than the 3 bytes/);
    await expectRefused('zip', zipOf({ ...good, size: 9_000 }), /damaged: expected 9000 bytes .* got 8 with/);
  });

  test('refuses a bomb by what its directory claims, before it inflates it', async () => {
    const content = Buffer.alloc(50_000_000);
    const before = performance.now();
    await expectRefused('zip', zipOf({ ...good, content }), /more than the 100000 bytes/);
    await expectRefused('zip', zipOf({ ...good, content, size: 99_999 }), /more than the 99999 bytes/);
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  test('refuses encryption and unknown compression', async () => {
    await expectRefused('zip', zipOf({ ...good, flags: 1 }), /encrypted/);
    await expectRefused('zip', zipOf({ ...good, method: 99 }), /compression method/);
  });

  test('reads the records of large archives, and refuses positions that no file has', async () => {
    const large = withZip64(zipOf(good));
    expect((await unpacked('zip', large)).problem).toBeUndefined();
    const locator = large.length - 42;
    const record = large.length - 98;
    for (const place of [locator + 8, record + 48]) {
      for (const position of [2n ** 63n, 2n ** 53n + 2n, 2n ** 52n, BigInt(large.length)]) {
        const evil = Buffer.from(large);
        evil.writeBigUInt64LE(position, place);
        await expectRefused('zip', evil, /it names byte \d+ of a file of \d+ bytes/);
      }
    }
  });

  test('leaves out what the Finder adds', async () => {
    const added = { path: '__MACOSX/en/._train.txt', content: 'x' };
    expect((await unpacked('zip', zipOf(good, added))).problem).toBeUndefined();
  });
});
