import { describe, expect, it } from 'vitest';
import { Xxh64 } from '../../../../../src/files/compression/zstd/xxh64.js';

const content = Buffer.from(Array.from({ length: 1000 }, (_, place) => (place * place * 31) % 251));

describe('Xxh64', () => {
  // What the reference implementation gives for the first bytes of the content, on both sides of each size that it treats apart.
  it.each([
    [0, 0xef46db3751d8e999n],
    [1, 0xe934a84adb052768n],
    [3, 0xa886ed2e59d84511n],
    [4, 0xf3f46fbd90cc1f73n],
    [7, 0xbe92dffc5d0dbdefn],
    [8, 0x63de66f018564323n],
    [12, 0x55f5778d3c910f82n],
    [31, 0x9cb613f87c6b4f43n],
    [32, 0x72324b6a03ea9a56n],
    [33, 0xd194a2fd4f10c354n],
    [63, 0x6d2c64f4b59be4ben],
    [64, 0xecb4e0f463d0cfc7n],
    [100, 0x374dec0099a930dbn],
    [1000, 0xa09f01ca4ac290d7n],
  ])('of %i bytes', (bytes, expected) => {
    const hash = new Xxh64();
    hash.update(content.subarray(0, bytes));
    expect(hash.digest()).toBe(expected);
  });

  it('does not mind where the content is cut', () => {
    for (const size of [1, 5, 31, 32, 33, 70, 999]) {
      const hash = new Xxh64();
      for (let start = 0; start < content.length; start += size) {
        hash.update(content.subarray(start, start + size));
      }
      expect(hash.digest(), `pieces of ${size} bytes`).toBe(0xa09f01ca4ac290d7n);
    }
  });
});
