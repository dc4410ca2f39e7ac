import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { gunzip } from '../../../../src/files/compression/gzip.js';
import { hasZstd, unzstd } from '../../../../src/files/compression/zstd.js';
import { fuzz } from '../../fuzz/fuzz.js';
import { mutatedBytes } from '../../fuzz/mutator.js';
import { chunksOf } from '../support.js';
import { collect } from '../../support.js';
import { fewLines, skippableZstd, storedZstd, zstdOfFewLines } from './zstd-files.js';

const forms = {
  gzip: {
    known: true,
    decompress: gunzip,
    whole: [gzipSync(fewLines), gzipSync(fewLines, { level: 0 })],
    empty: [gzipSync('')],
    words: [Buffer.of(0x1f, 0x8b, 8)],
  },
  zstd: {
    known: hasZstd,
    decompress: unzstd,
    whole: [zstdOfFewLines],
    empty: [skippableZstd(3), storedZstd(Buffer.alloc(0))],
    words: [Buffer.of(0x28, 0xb5, 0x2f, 0xfd)],
  },
} as const;

test.for(['gzip', 'zstd'] as const)(
  'any %s data gives what was compressed, or is found damaged',
  async (name, { skip }) => {
    const { known, decompress, whole, empty, words } = forms[name];
    skip(!known, `Node ${process.versions.node} has no ${name}`);
    await fuzz({
      name,
      input: (random) => {
        const part = random.pick([...empty, ...whole]);
        const changed = mutatedBytes(random, { seeds: [...whole, ...empty], words });
        return Buffer.concat(random.pick([[changed], [part, changed], [changed, part], [part, ...whole]]));
      },
      read: async (bytes) => {
        const content = Buffer.concat(await collect(decompress(chunksOf(bytes, 2000), 'data')));
        // Some bytes say nothing of the content, such as the time in gzip's header; parts may come twice or not at all.
        expect(content.toString().replaceAll(fewLines, '')).toBe('');
      },
      refusals: ['DATA_MALFORMED'],
      moreThan: { valid: 2_000, refused: 5_000 },
    });
  },
);
