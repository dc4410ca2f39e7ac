import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { allCorpora } from '../../../../src/corpora/all.js';
import { addresses } from '../../../../src/corpora/fetch/by-hand.js';
import { DownloadFailure } from '../../../../src/corpora/fetch/failure.js';
import { unpack } from '../../../../src/corpora/fetch/unpack.js';
import { mirrorVariable, sourcesOf } from '../../../../src/corpora/sources.js';
import type { Random } from '../../../../src/base/random.js';
import { AdvError } from '../../../../src/base/errors.js';
import { memoryFolder } from '../../fuzz/files.js';
import { fuzz } from '../../fuzz/fuzz.js';
import { mutatedBytes, mutatedText } from '../../fuzz/mutator.js';
import { paxRecord, tarOf, withZip64, zipOf } from './archives.js';

const members = [
  { name: 'en/train.txt', path: 'release/train.txt', mostBytes: 2_000 },
  { name: 'en/test.txt', path: 'test.txt', mostBytes: 2_000 },
];
const content = 'a few words of a corpus\n'.repeat(30);
const corpora = allCorpora();

const paths = [
  ...['../', '/', '\0', '..', 'en/', 'EN/', 'en/test.txt', '../../../en/test.txt', '/en/test.txt'],
  ...['C:\\'],
];
const marks = [
  ...'0 1 2 5 6 x g L K'.split(' '),
  '777777777',
  'ustar',
  ...['\u0001\u0002', '\u0003\u0004', '\u0005\u0006'].map((kind) => `PK${kind}`),
];
const words = [...paths, ...marks].map((word) => Buffer.from(word, 'latin1'));

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
  'damaged archives (%s) end in a reason or in the wanted files, and write nothing',
  async (format) => {
    const folder = memoryFolder();
    const archive = join(folder, 'archive');
    await fuzz({
      name: format,
      input: archives[format],
      read: async (bytes) => {
        writeFileSync(archive, bytes);
        const found = await unpack(archive, format, members).catch((error: unknown) => {
          if (error instanceof DownloadFailure) throw new AdvError('DOWNLOAD', error.message);
          throw error;
        });
        for (const { path, mostBytes } of members)
          expect(found.get(path)?.length).toBeLessThanOrEqual(mostBytes);
      },
      refusals: ['DOWNLOAD'],
      moreThan: { valid: 500, refused: 1_000 },
    });
    expect(readdirSync(folder)).toEqual(['archive']);
  },
);

test('any address of a mirror gives addresses of files, or is refused', async () => {
  const seeds = ['https://example.org/data', 'http://localhost:8080/a%20b/', 'http://user:word@[::1]/x?y#z'];
  await fuzz({
    name: 'mirrors',
    input: (random) => ({
      corpus: random.pick(corpora),
      mirror: mutatedText(random, {
        seeds,
        words: ['/', '?', '#', '..', '%', ':', 'file:', '//', ' '],
      }),
    }),
    read: ({ corpus, mirror }) => {
      const sources = sourcesOf(corpus, { [mirrorVariable(corpus.name)]: mirror });
      const urls = sources.flatMap(addresses);
      expect(urls.length).toBeGreaterThan(0);
      for (const address of urls) expect(new URL(address).protocol).toMatch(/^https?:$/);
    },
    refusals: ['USAGE'],
    moreThan: { valid: 2_000, refused: 1_000 },
  });
});
