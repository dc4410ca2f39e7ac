import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestLineBytes, readLines } from '../../../src/files/lines.js';
import { collect, expectRefused, fileWith, forAll, temporaryFolder } from '../support.js';

const read = async (content: string | Uint8Array) => collect(readLines(await fileWith(content)));
const numbered = (...texts: readonly string[]) => texts.map((text, place) => ({ number: place + 1, text }));

describe('readLines', () => {
  test.each([
    ['takes LF, CRLF and a last line without a break', 'one\r\ntwo\n\nfour', ['one', 'two', '', 'four']],
    ['finds nothing in an empty file', '', []],
    ['drops a byte order mark at the start only', '\ufeffone\n\ufefftwo\n', ['one', '\ufefftwo']],
    ['keeps a carriage return inside a line', 'a\rb\n', ['a\rb']],
  ])('%s, and numbers lines from 1', async (_, content, texts) => {
    expect(await read(content)).toEqual(numbered(...texts));
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
    await forAll(
      [
        fc.array(fc.string({ unit: fc.constantFrom('a', 'ž', '語', '😀'), minLength: 1 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 30_000 }),
      ],
      { numRuns: 20 },
    ).check(async (texts, repeats) => {
      const long = texts.map((text) => text.repeat(Math.ceil(repeats / text.length)));
      const lines = await read(long.join('\n'));
      expect(lines).toEqual(numbered(...long));
    });
  });

  test('reads single bytes as Windows-1252, and breaks lines at LF alone', async () => {
    const bytes = Buffer.from('a\x85\r\xe9\r\n\x80 \x81\xff\n\n\xef\xbb\xbf', 'latin1');
    const lines = await collect(readLines(await fileWith(bytes), { encoding: 'windows-1252' }));
    expect(lines).toEqual(numbered('a…\ré', '€ \u0081ÿ', '', 'ï»¿'));
  });

  test('has a character of its own for every byte of Windows-1252', async () => {
    const open = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte).filter(
      (byte) => byte !== 10 && byte !== 13,
    );
    const [line] = await collect(readLines(await fileWith(bytes), { encoding: 'windows-1252' }));
    const characters = Array.from(line && 'text' in line ? line.text : '');
    expect(new Set(characters).size).toBe(254);
    expect(open.map((byte) => characters[byte - 2]?.codePointAt(0))).toEqual(open);
    // Where Unicode has the characters of the bytes 0x80 to 0x9f that stand for some.
    const points = [0x80, 0x82, 0x83, 0x8c, 0x91, 0x95, 0x96, 0x99, 0x9f].map((byte) =>
      characters[byte - 2]?.codePointAt(0),
    );
    expect(points).toEqual([0x20ac, 0x201a, 0x0192, 0x0152, 0x2018, 0x2022, 0x2013, 0x2122, 0x0178]);
  });

  test('says which file is missing or is a folder', async () => {
    const folder = await temporaryFolder();
    const reading = collect(readLines(`${folder}/none.tsv`));
    await expectRefused(reading, 'DATA_MISSING', /none\.tsv.*no such file or directory \(ENOENT\)/, /path/);
    await expectRefused(collect(readLines(folder)), 'DATA_MISSING', /EISDIR/);
  });
});

describe.runIf(process.env['ADVNATIVE_DATA'])('readLines on the subjectivity corpus', () => {
  test('keeps ellipses of one byte inside lines', async () => {
    const file = `${process.env['ADVNATIVE_DATA'] ?? ''}/subjectivity/rotten_imdb/quote.tok.gt9.5000`;
    const lines = await collect(readLines(file, { encoding: 'windows-1252' }));
    expect(lines).toHaveLength(5000);
    const texts = lines.map((line) => ('text' in line ? line.text : ''));
    expect(texts.filter((text) => text.includes('…'))).toHaveLength(19);
    expect(texts.every((text) => text.trim() !== '')).toBe(true);
  });
});
