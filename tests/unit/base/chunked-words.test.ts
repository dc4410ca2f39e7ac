import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChunkedWords } from '../../../src/base/chunked-words.js';
import { codePointCount } from '../../../src/text/code-points.js';
import { mixed, stringHash } from '../../../src/base/hash.js';
import { forAll } from '../support.js';

test('ChunkedWords gives back what was added, over many chunks', () => {
  const words = new ChunkedWords(16);
  const wordOf = (record: number, number: number) => Math.imul(record + 1, 0x9e3779b1) ^ number;
  for (let record = 0; record < 10_000; record++) {
    words.add(Array.from({ length: 16 }, (_, number) => wordOf(record, number)));
  }
  expect(words.count).toBe(10_000);
  for (const record of [0, 1, 4095, 4096, 8191, 8192, 9999]) {
    for (const number of [0, 7, 15]) expect(words.word(record, number)).toBe(wordOf(record, number));
  }
  expect(words.word(12_000, 0)).toBe(0);
});

test('codePointCount counts as iteration does', async () => {
  const unit = fc.constantFrom('a', '😀', '\ud83d', '\ude00', 'ž');
  await forAll([fc.string({ unit })]).check((text) => {
    expect(codePointCount(text)).toBe(Array.from(text).length);
  });
});

describe('hashes', () => {
  test('mixed() is a permutation that changes about half of the bits', () => {
    const values = Array.from({ length: 20_000 }, (_, value) => mixed(value));
    expect(new Set(values).size).toBe(20_000);
    // Of MurmurHash3's reference: fmix32(1).
    expect(mixed(1) >>> 0).toBe(0x514e28b7);
    let changed = 0;
    for (let value = 0; value < 1000; value++) {
      const difference = (mixed(value) ^ mixed(value ^ 1)) >>> 0;
      changed += difference.toString(2).replaceAll('0', '').length;
    }
    expect(changed / 1000).toBeGreaterThan(14);
    expect(changed / 1000).toBeLessThan(18);
  });

  test('stringHash() tells strings apart', () => {
    const texts = Array.from({ length: 20_000 }, (_, number) => `word ${number}`);
    expect(new Set(texts.map(stringHash)).size).toBeGreaterThan(19_998);
    expect(stringHash('ab')).not.toBe(stringHash('ba'));
    expect(stringHash('word')).toBe(stringHash('word'));
  });
});
