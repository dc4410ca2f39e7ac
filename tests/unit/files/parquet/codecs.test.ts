import { expect, it, vi } from 'vitest';
import { ifZstd, storedZstd } from '../compression/zstd-files.js';
import { storedLz4 } from '../parquet-files.js';

it.each([['LZ4_RAW', storedLz4], ['LZ4', storedLz4], ...ifZstd(['ZSTD', storedZstd])] as const)(
  'decompresses %s where WebAssembly cannot be had',
  async (name, compress) => {
    vi.stubGlobal('WebAssembly', undefined);
    const { codecOf } = await import('../../../../src/files/parquet/codecs.js');
    const decompress = await codecOf(name);
    const content = Buffer.from('a page of text');
    expect(Buffer.from(decompress(compress(content), content.length)).toString()).toBe('a page of text');
  },
);
