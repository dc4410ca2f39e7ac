import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pairLosses, readLosses } from '../../../src/statistics/losses.js';
import { memoryFolder, untilClosed } from '../fuzz/files.js';
import { fuzz } from '../fuzz/fuzz.js';
import { mutatedBytes } from '../fuzz/mutator.js';

test('any file of losses gives rows that can be paired, or says what is wrong', async () => {
  const folder = memoryFolder();
  const path = join(folder, 'test-losses.csv');
  const seeds = [
    'id,label,prediction,loss\ntest:1,a,b,0.5\ntest:2,b,b,1e-9\ntest:3,"x, ""y""",a,103.27\n',
    '\ufeffid,label,prediction,loss\r\ntest:1,a,b,0\r\n',
  ].map((seed) => Buffer.from(seed));
  let rows = 0;
  const outcomes = await fuzz({
    name: 'losses',
    input: (random) =>
      mutatedBytes(random, {
        mostChanges: 2,
        seeds,
        words: [',', '"', '""', '\n', '\r\n', 'Infinity', '0x', '-'].map((word) => Buffer.from(word)),
      }),
    read: async (bytes) => {
      writeFileSync(path, bytes);
      const read = await readLosses(path);
      rows += read.length;
      const { a, b } = pairLosses(read, [...read].reverse());
      expect(a).toEqual(b);
      expect(a.every((loss) => Number.isFinite(loss))).toBe(true);
    },
    refusals: ['DATA_MALFORMED'],
  });
  await untilClosed(folder);
  expect(outcomes.valid).toBeGreaterThan(1_000);
  expect(outcomes.refused).toBeGreaterThan(3_000);
  expect(rows).toBeGreaterThan(2_000);
});
