import { expect, test } from 'vitest';
import { linesOf } from '../../../src/files/lines.js';
import { fuzz } from '../fuzz/fuzz.js';
import { mutatedBytes } from '../fuzz/mutator.js';
import { chunksOf } from './support.js';
import { collect } from '../support.js';

const lines = [
  Buffer.from('\ufeffdobrý den\r\nžluťoučký kůň\n\n😀 👩‍👩‍👧\r\r\nlast'),
  Buffer.from('an ellipsis\x85 and \x80 and \x81\n\x93quoted\x94\r\n', 'latin1'),
];
const words = ['\n', '\r\n', '\r', '\ufeff', '\u2028', '\u0085'].map((word) => Buffer.from(word));

test.each([
  ['utf-8', 1_000],
  ['windows-1252', 0],
] as const)('lines of any bytes as %s are numbered, and text or a problem', async (encoding, leastWrong) => {
  let [right, wrong] = [0, 0];
  await fuzz({
    name: `lines as ${encoding}`,
    input: (random) => ({
      bytes: mutatedBytes(random, { seeds: lines, words }),
      size: random.pick([1, 5, 1000]),
    }),
    read: async ({ bytes, size }) => {
      const found = await collect(linesOf(chunksOf(bytes, size), encoding));
      const breaks = bytes.reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), 0);
      expect(found).toHaveLength(breaks + (bytes.length > 0 && bytes.at(-1) !== 0x0a ? 1 : 0));
      for (const [place, line] of found.entries()) {
        if (line.number !== place + 1) throw new Error(`line ${line.number} at place ${place}`);
        if ('problem' in line) wrong++;
        else if (line.text.isWellFormed() && !line.text.includes('\n')) right++;
        else throw new Error('no line of text');
      }
    },
    refusals: [],
  });
  expect(right).toBeGreaterThan(5_000);
  expect(wrong).toBeGreaterThanOrEqual(leastWrong);
});
