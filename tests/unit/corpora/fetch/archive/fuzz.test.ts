import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unpack } from '../../../../../src/corpora/fetch/archive/unpack.js';
import type { Random } from '../../../../../src/base/random.js';
import { AdvError } from '../../../../../src/base/errors.js';
import { memoryFolder, untilClosed } from '../../../fuzz/files.js';
import { fuzz } from '../../../fuzz/fuzz.js';
import { mutatedBytes } from '../../../fuzz/mutator.js';
import { paxRecord, tarOf, withZip64, zipOf } from './archives.js';

const members = [
  { name: 'en/train.txt', path: 'release/train.txt', mostBytes: 2_000 },
  { name: 'en/test.txt', path: 'test.txt', mostBytes: 2_000 },
];
const content = 'a few words of a corpus\n'.repeat(30);

/** What may be in the folder that an archive is unpacked to. */
const allowed = /^(release(\/train\.txt)?|test\.txt)$/;

const words = [
  ...[
    '../',
    '/',
    '\0',
    '..',
    'en/',
    'EN/',
    'en/test.txt',
    '../../../en/test.txt',
    '/en/test.txt',
    '777777777',
    'C:\\',
  ],
  ...[
    '0',
    '1',
    '2',
    '5',
    '6',
    'x',
    'g',
    'L',
    'K',
    'ustar',
    'PK\u0001\u0002',
    'PK\u0003\u0004',
    'PK\u0005\u0006',
  ],
].map((word) => Buffer.from(word, 'latin1'));

/** Makes the checksums of all tar headers right again, so that what they say is believed. */
function repaired(tar: Buffer): Buffer {
  for (let at = 0; at + 512 <= tar.length; at += 512) {
    const header = tar.subarray(at, at + 512);
    if (header.toString('latin1', 257, 262) !== 'ustar') continue;
    header.fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }
  return tar;
}

const tars = [
  tarOf(
    { path: 'release', type: 'Directory' },
    { path: 'release/README', content: 'read me' },
    paxRecord('release/en/train.txt'),
    { path: 'short', content },
    { path: 'release/en/test.txt', content },
  ),
  tarOf({ path: 'en/test.txt', content: '' }, { path: 'en/train.txt', content }),
];
const zips = [
  zipOf({ path: 'release/' }, { path: 'en/train.txt', content }, { path: 'en/test.txt', content: '' }),
  withZip64(zipOf({ path: 'en/train.txt', content }, { path: 'v1/en/test.txt', content })),
];

/** As little work as there is. */
const packed = (tar: Buffer): Buffer => gzipSync(tar, { level: 1, memLevel: 1, windowBits: 9 });

const archives = {
  'tar.gz': (random: Random): Buffer => {
    if (random.below(5) === 0) return mutatedBytes(random, { seeds: tars.map(packed) });
    const tar = mutatedBytes(random, { seeds: tars, words });
    return packed(random.below(4) === 0 ? tar : repaired(tar));
  },
  zip: (random: Random): Buffer => mutatedBytes(random, { seeds: zips, words, mostChanges: 2 }),
};

test.each(['tar.gz', 'zip'] as const)(
  'damaged archives (%s) end in a reason or in the wanted files, and write nowhere else',
  async (format) => {
    const top = memoryFolder();
    // A few folders down, so that a path that leads out of an archive's own folder is found.
    const base = join(top, 'a', 'b', 'c');
    const folder = join(base, 'folder');
    mkdirSync(folder, { recursive: true });
    const outcomes = await fuzz({
      name: format,
      input: archives[format],
      read: async (bytes) => {
        writeFileSync(join(base, 'archive'), bytes);
        const problem = await unpack({ archive: join(base, 'archive'), format, members, folder });
        expect(readdirSync(base)).toEqual(['archive', 'folder']);
        // Most damaged archives leave nothing, and the folder needs not be made anew.
        if (readdirSync(folder).length > 0) {
          const found = readdirSync(folder, { recursive: true }).map(String);
          expect(found.filter((name) => !allowed.test(name))).toEqual([]);
          if (problem === undefined) {
            for (const { path, mostBytes } of members)
              expect(statSync(join(folder, path)).size).toBeLessThanOrEqual(mostBytes);
          }
          rmSync(folder, { recursive: true });
          mkdirSync(folder);
        }
        if (problem !== undefined) throw new AdvError('DOWNLOAD', problem);
      },
      refusals: ['DOWNLOAD'],
    });
    expect(readdirSync(top, { recursive: true })).toEqual([
      ...['a', 'a/b', 'a/b/c', 'a/b/c/archive', 'a/b/c/folder'],
    ]);
    expect(existsSync('/en')).toBe(false);
    await untilClosed(top);
    expect(outcomes.valid).toBeGreaterThan(500);
    expect(outcomes.refused).toBeGreaterThan(1_000);
  },
);
