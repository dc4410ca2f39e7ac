import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readLosses } from '../../../src/training/loss-file.js';
import { pairLosses } from '../../../src/training/loss-pairs.js';
import { memoryFile } from '../fuzz/files.js';
import { fuzz } from '../fuzz/fuzz.js';
import { mutatedBytes } from '../fuzz/mutator.js';

test('any file of losses gives rows that can be paired, or says what is wrong', async () => {
  const path = memoryFile('test-losses.csv');
  const header = 'id,textHash,label,prediction,loss';
  const [one, two, three] = ['a5', '01', 'ff'].map((digits) => digits.repeat(16));
  const seeds = [
    `${header}\ntest:1,${one},a,b,0.5\ntest:2,${two},b,b,1e-9\ntest:3,${three},"x, ""y""",a,103.27\n`,
    `\ufeff${header}\r\ntest:1,${one},a,b,0\r\ntest:2,${one},b,b,0\r\n`,
  ].map((seed) => Buffer.from(seed));
  let rows = 0;
  await fuzz({
    name: 'losses',
    input: (random) =>
      mutatedBytes(random, {
        mostChanges: 2,
        seeds,
        words: [',', '"', '""', '\n', '\r\n', 'Infinity', '0x', '-'].map((word) => Buffer.from(word)),
      }),
    read: async (bytes) => {
      writeFileSync(path, bytes);
      const { rows: read } = await readLosses(path);
      rows += read.length;
      const { a, b } = pairLosses(read, [...read].reverse());
      // Of a text that occurs twice, made by a change, one row may have another loss.
      expect(a.toSorted()).toEqual(b.toSorted());
      expect(a.every((loss) => Number.isFinite(loss))).toBe(true);
    },
    refusals: ['DATA_MALFORMED'],
    moreThan: { valid: 500, refused: 3_000 },
  });
  expect(rows).toBeGreaterThan(1_000);
});
