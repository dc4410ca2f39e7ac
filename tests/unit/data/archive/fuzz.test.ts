import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { unpack } from '../../../../src/data/archive/unpack.js';
import { paxRecord, tarOf, withZip64, zipOf } from './archives.js';

/** Archives of a format, and milliseconds after which a busy machine makes do with fewer. */
const runs = 10_000;
const patience = 9_500;

/** All that may be there after ten archives. */
const allowed = /^\d(\/archive|\/folder(\/release(\/train\.txt)?|\/test\.txt)?)?$/;

const members = [
  { name: 'en/train.txt', path: 'release/train.txt', mostBytes: 2_000 },
  { name: 'en/test.txt', path: 'test.txt', mostBytes: 2_000 },
];
const content = 'a few words of a corpus\n'.repeat(30);

/** A folder in memory where the system has one: the disk would take most of the time. */
function memoryFolder(): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'advnative-fuzz-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** A change to an archive: what, where as a share of its length, and with which bytes. */
interface Mutation {
  readonly kind: 'set' | 'flip' | 'cut' | 'remove' | 'repeat' | 'insert';
  readonly share: number;
  readonly bytes: Uint8Array;
  readonly length: number;
}

const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('set', 'set', 'set', 'flip', 'flip', 'remove', 'repeat', 'insert', 'cut'),
    // Without bias: most changes would be at the very beginning, and found there.
    share: fc.noBias(fc.nat(9_999)).map((part) => part / 10_000),
    bytes: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 8 }),
      fc
        .constantFrom(
          '../',
          '/',
          '\0',
          '..',
          'en/',
          'EN/',
          '777777777',
          '2',
          '1',
          'x',
          'L',
          '\u00ff'.repeat(8),
        )
        .map((text) => new Uint8Array(Buffer.from(text, 'latin1'))),
    ),
    length: fc.nat(700),
  }),
  { minLength: 1, maxLength: 5 },
);

function mutated(archive: Buffer, changes: readonly Mutation[]): Buffer {
  let result = Buffer.from(archive);
  for (const { kind, share, bytes, length } of changes) {
    const at = Math.floor(share * result.length);
    const [before, after] = [result.subarray(0, at), result.subarray(at)];
    if (kind === 'set') result.set(bytes.subarray(0, result.length - at), at);
    else if (kind === 'flip' && at < result.length) result[at] = (result[at] ?? 0) ^ (1 << (length % 8));
    else if (kind === 'cut') result = Buffer.from(before);
    else if (kind === 'remove') result = Buffer.concat([before, after.subarray(length)]);
    else if (kind === 'repeat') result = Buffer.concat([before, after.subarray(0, length), after]);
    else if (kind === 'insert') result = Buffer.concat([before, bytes, after]);
  }
  return result;
}

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

const tar = tarOf(
  { path: 'release', type: 'Directory' },
  { path: 'release/README', content: 'read me' },
  paxRecord('release/en/train.txt'),
  { path: 'short', content },
  { path: 'release/en/test.txt', content },
  { path: 'release/last', content: 'x'.repeat(513) },
);
const zips = [
  zipOf({ path: 'release/' }, { path: 'en/train.txt', content }, { path: 'en/test.txt', content: '' }),
  withZip64(zipOf({ path: 'en/train.txt', content }, { path: 'v1/en/test.txt', content })),
];

const archives = {
  'tar.gz': fc
    .tuple(mutations, fc.constantFrom('tar', 'repaired', 'repaired', 'repaired', 'gzip'))
    .map(([changes, layer]) => {
      if (layer === 'gzip') return mutated(gzipSync(tar), changes);
      const changed = mutated(tar, changes);
      return gzipSync(layer === 'repaired' ? repaired(changed) : changed, { level: 1 });
    }),
  zip: fc.tuple(mutations, fc.constantFrom(...zips)).map(([changes, zip]) => mutated(zip, changes)),
};

describe.each(['tar.gz', 'zip'] as const)('up to 10,000 damaged archives (%s)', (format) => {
  test('end in a reason or in the wanted files, and write nowhere else', async () => {
    const base = memoryFolder();
    let [whole, refused] = [0, 0];
    const check = async (bytes: Buffer, place: number): Promise<void> => {
      const archive = join(base, String(place), 'archive');
      const folder = join(base, String(place), 'folder');
      mkdirSync(folder, { recursive: true });
      writeFileSync(archive, bytes);
      const problem = await unpack({ archive, format, members, folder, signal: AbortSignal.timeout(5_000) });
      if (problem === undefined) {
        whole += 1;
        for (const { path } of members)
          expect(readFileSync(join(folder, path)).length).toBeLessThanOrEqual(2_000);
      } else {
        refused += 1;
        expect(problem).toMatch(/\w/);
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.array(archives[format], { minLength: 10, maxLength: 10 }), async (batch) => {
        await Promise.all(batch.map(check));
        const found = readdirSync(base, { recursive: true }).map(String);
        expect(found.filter((name) => !allowed.test(name))).toEqual([]);
        for (const name of readdirSync(base)) rmSync(join(base, name), { recursive: true });
      }),
      { numRuns: runs / 10, interruptAfterTimeLimit: patience, endOnFailure: true },
    );
    // Damage that always or never shows would test nothing.
    expect(whole).toBeGreaterThan((whole + refused) / 100);
    expect(refused).toBeGreaterThan((whole + refused) / 10);
  });
});
