import { expect, it } from 'vitest';
import { carriedOn, finished } from '../../../../src/text/ngrams/murmur.js';

/** The hash of bytes, four to a unit, the first the lowest. */
function hashOf(text: string, seed: number): number {
  const bytes = Buffer.from(text);
  let hash = seed;
  for (let place = 0; place < bytes.length; place += 4) hash = carriedOn(hash, bytes.readInt32LE(place));
  return finished(hash, bytes.length / 4);
}

it.each([
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['test', 0, 0xba6bd213],
  ['test', 0x9747b28c, 0x704b81dc],
  ['aaaa', 0x9747b28c, 0x5a97808a],
  ['abcd', 0x9747b28c, 0xf0478627],
])('the hash of %j from seed %i is the one that was published', (text, seed, hash) => {
  expect(hashOf(text, seed)).toBe(hash);
});
