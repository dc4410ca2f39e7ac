import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { readRecords } from '../../../src/files/read.js';
import { collect, expectInterrupted, expectMalformed, fileWith } from '../support.js';

const endless = '/dev/zero';

describe('an interruption', () => {
  test.runIf(existsSync(endless)).each(['tsv', 'csv', 'jsonl'] as const)(
    'does not wait for the end of a record of %s',
    async (format) => {
      const signal = AbortSignal.timeout(100);
      await expectInterrupted(collect(readRecords(endless, { format }, { signal })));
    },
    10_000,
  );

  test('reaches a reader whose bytes are unpacked from a few', async () => {
    const controller = new AbortController();
    const file = await fileWith(gzipSync(Buffer.alloc(1 << 28)));
    const reading = collect(readRecords(file, { format: 'tsv' }, { signal: controller.signal }));
    setTimeout(() => {
      controller.abort();
    }, 50);
    await expectInterrupted(reading);
  });
});

describe('a text in UTF-16', () => {
  const written = 'text\tlabel\r\ngood\tpos\r\n';
  const utf16 = (text: string, swapped: boolean): Buffer => {
    const bytes = Buffer.from(text, 'utf16le');
    return swapped ? bytes.swap16() : bytes;
  };

  test.each([
    ['tsv', false, /got UTF-16 \(it begins with the bytes FF FE\)$/],
    ['csv', true, /got UTF-16 \(it begins with the bytes FE FF\)$/],
    ['jsonl', true, /got UTF-16 \(it begins with the bytes FE FF\)$/],
  ] as const)('is told by its mark in %s', async (format, swapped, message) => {
    for (const pack of [(bytes: Buffer) => bytes, gzipSync]) {
      const file = await fileWith(pack(utf16(`\ufeff${written}`, swapped)));
      await expectMalformed(collect(readRecords(file, { format })), message, /iconv -f UTF-16 -t UTF-8/);
    }
  });

  test.each([
    [false, /iconv -f UTF-16LE -t UTF-8/],
    [true, /iconv -f UTF-16BE -t UTF-8/],
  ])('is told by its zeros where it has no mark', async (swapped, hint) => {
    const file = await fileWith(utf16(written, swapped));
    for (const format of ['tsv', 'csv', 'jsonl'] as const) {
      await expectMalformed(collect(readRecords(file, { format })), /expected UTF-8, got UTF-16/, hint);
    }
  });

  test('is not what JSON means by a NUL that it escapes', async () => {
    const file = await fileWith('{"text": "a\\u0000", "label": "b"}', 'data.jsonl');
    expect(await collect(readRecords(file))).toEqual([{ number: 1, text: 'a\0', label: 'b' }]);
  });
});
