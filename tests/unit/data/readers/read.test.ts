import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { readRecords } from '../../../../src/data/readers/read.js';
import { advError, collect, fileWith } from '../support.js';

const endless = '/dev/zero';

describe('an interruption', () => {
  test.runIf(existsSync(endless)).each(['tsv', 'csv', 'jsonl'] as const)(
    'does not wait for the end of a record of %s',
    async (format) => {
      const signal = AbortSignal.timeout(100);
      await expect(collect(await readRecords(endless, { format }, signal))).rejects.toEqual(
        advError('INTERRUPTED', /interrupted/, /^/),
      );
    },
    10_000,
  );

  test('reaches a reader whose bytes are unpacked from a few', async () => {
    const controller = new AbortController();
    const file = await fileWith(gzipSync(Buffer.alloc(1 << 28)));
    const reading = collect(await readRecords(file, { format: 'tsv' }, controller.signal));
    setTimeout(() => {
      controller.abort();
    }, 50);
    await expect(reading).rejects.toEqual(advError('INTERRUPTED', /interrupted/, /^/));
  });
});
