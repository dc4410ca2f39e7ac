import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestLineBytes, readLines } from '../../../src/data/lines.js';
import { advError, collect, fileWith, temporaryFolder } from './support.js';

const read = async (content: string | Uint8Array) => collect(readLines(await fileWith(content)));

describe('readLines', () => {
  test('numbers lines from 1 and takes LF, CRLF and a last line without a break', async () => {
    expect(await read('one\r\ntwo\n\nfour')).toEqual([
      { number: 1, text: 'one' },
      { number: 2, text: 'two' },
      { number: 3, text: '' },
      { number: 4, text: 'four' },
    ]);
  });

  test('finds nothing in an empty file', async () => {
    expect(await read('')).toEqual([]);
  });

  test('drops a byte order mark at the start only', async () => {
    expect(await read('\ufeffone\n\ufefftwo\n')).toEqual([
      { number: 1, text: 'one' },
      { number: 2, text: '\ufefftwo' },
    ]);
  });

  test('keeps a carriage return inside a line', async () => {
    expect(await read('a\rb\n')).toEqual([{ number: 1, text: 'a\rb' }]);
  });

  test.each([
    ['a lone continuation byte', [0x61, 0x80, 0x62], 2],
    ['an overlong form', [0x61, 0x62, 0xc0, 0xaf], 3],
    ['a surrogate', [0xed, 0xa0, 0x80], 2],
    ['a character cut off by the line break', [0x61, 0xc3], 2],
  ])('reports %s with its place and goes on', async (_, bytes, place) => {
    const lines = await read(Uint8Array.from([...bytes, 0x0a, 0x78, 0x0a]));
    expect(lines).toEqual([
      { number: 1, problem: `invalid UTF-8 at byte ${place} of the line` },
      { number: 2, text: 'x' },
    ]);
  });

  test('reports a line that is too long and goes on', async () => {
    const lines = await read(`${'a'.repeat(longestLineBytes + 1)}\n${'b'.repeat(longestLineBytes)}\nc`);
    expect(lines.map((line) => ('problem' in line ? line.problem : line.text.length))).toEqual([
      `longer than ${longestLineBytes} bytes`,
      longestLineBytes,
      1,
    ]);
  });

  test('gives back any lines, wherever the chunks of the file end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'ž', '語', '😀'), minLength: 1 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 30_000 }),
        async (texts, repeats) => {
          const long = texts.map((text) => text.repeat(Math.ceil(repeats / text.length)));
          const lines = await read(long.join('\n'));
          expect(lines).toEqual(long.map((text, place) => ({ number: place + 1, text })));
        },
      ),
      { numRuns: 20 },
    );
  });

  test('says which file is missing or is a folder', async () => {
    const folder = await temporaryFolder();
    await expect(collect(readLines(`${folder}/none.tsv`))).rejects.toEqual(
      advError('DATA_MISSING', /none\.tsv.*no such file or directory \(ENOENT\)/, /path/),
    );
    await expect(collect(readLines(folder))).rejects.toEqual(advError('DATA_MISSING', /EISDIR/));
  });
});
