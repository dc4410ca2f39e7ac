import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestLineBytes } from '../../../src/files/lines.js';
import type { DataForm } from '../../../src/files/record.js';
import { expectMalformed, forAll, matching } from '../support.js';
import { asRecords, plainPairs, recordsOf } from './support.js';

const named = { textColumn: 'review' };
const tsv = async (content: string, form: DataForm = {}) => recordsOf(content, 'data.tsv', form);

describe('a TSV file without a header', () => {
  test('gives back any texts and labels of one line', async () => {
    await forAll([plainPairs, fc.constantFrom('\n', '\r\n')]).check(async (pairs, lineBreak) => {
      const written = pairs.map(({ text, label }) => `${text}x\t${label}y${lineBreak}`).join('');
      const expected = pairs.map(({ text, label }) => ({ text: `${text}x`, label: `${label}y` }));
      expect(await tsv(written)).toEqual(asRecords(expected));
    });
  });

  test('drops a byte order mark, and takes quotes as they are', async () => {
    expect(await tsv('\ufeff"a" said\t"b"\n')).toEqual([{ number: 1, text: '"a" said', label: '"b"' }]);
  });

  test('says what is wrong with a line and goes on', async () => {
    const content = `\nno tab\na\tb\tc\n${'long'.repeat(longestLineBytes / 4)}\tx\nfine\tpos`;
    expect(await tsv(content)).toEqual([
      { number: 1, empty: true },
      { number: 2, problem: 'no tab, expected text<TAB>label' },
      { number: 3, problem: '2 tabs, expected exactly one between text and label' },
      { number: 4, problem: `longer than ${longestLineBytes} bytes` },
      { number: 5, text: 'fine', label: 'pos' },
    ]);
  });

  test('is refused when it is empty', async () => {
    await expectMalformed(tsv(''), /expected examples, got an empty file$/, /a text, a tab and its label/);
  });

  test('says what a first line that is no pair looks like', async () => {
    const problemOf = async (line: string) => {
      const [first] = await tsv(`${line}\n`);
      return first !== undefined && 'problem' in first ? first.problem : undefined;
    };
    expect(await problemOf('id\ttext\tlabel')).toBe(
      '2 tabs, expected exactly one between text and label; it looks like a header, whose columns --text-column and --label-column name',
    );
    expect(await problemOf('"text","label"')).toBe(
      'no tab, expected text<TAB>label; it looks like the header of a CSV file, which --format csv reads',
    );
    expect(await problemOf('Review;Stars')).toMatch(/which --format csv --delimiter ';' reads$/);
    expect((await tsv('\n"text","label"\n'))[1]).toEqual({
      number: 2,
      problem: matching(/the header of a CSV file/),
    });
    for (const line of ['text label', 'a good text, they say', 'text;text']) {
      expect(await problemOf(line)).toBe('no tab, expected text<TAB>label');
    }
  });
});

test.each([
  [{}, ''],
  [named, 'review\tlabel\n'],
  [{ header: true, labelColumn: 'review', textColumn: 'label' }, 'review\tlabel\n'],
])('a blank line of a TSV file is no record, wherever it stands: %j', async (form, header) => {
  const number = header === '' ? 1 : 2;
  for (const blank of ['', '\r', '  ', '\t', ' \t\t']) {
    const records = await tsv(`${header}a\tb\n${blank}\nc\td\n${blank}\n`, form);
    expect(records.map((record) => [record.number - number, 'empty' in record])).toEqual([
      [0, false],
      [1, true],
      [2, false],
      [3, true],
    ]);
  }
  await expectMalformed(tsv(`${header}\n\t\n`, form), /expected examples, got empty rows only$/);
});

describe('a TSV file with a header', () => {
  test('is told by a column option, and finds both columns wherever they stand', async () => {
    expect(await tsv('id\tlabel\treview\r\n7\tpos\tgood\r\n8\tneg\t\r\n', named)).toEqual([
      { number: 2, text: 'good', label: 'pos' },
      { number: 3, text: '', label: 'neg' },
    ]);
    expect(await recordsOf('sentiment\ttext\npos\tgood\n', 'a.txt', { labelColumn: 'sentiment' })).toEqual([
      { number: 2, text: 'good', label: 'pos' },
    ]);
  });

  test('is told by the option alone, where its columns have the usual names', async () => {
    expect(await tsv('label\ttext\npos\tgood\n', { header: true })).toEqual([
      { number: 2, text: 'good', label: 'pos' },
    ]);
  });

  test('may stand below blank lines, which are counted', async () => {
    for (const [form, blank] of [
      [named, ''],
      [named, '\t\t'],
      [{ header: true, textColumn: 'review' }, '  \r'],
    ] as const) {
      expect(await tsv(`${blank}\n${blank}\nreview\tlabel\ngood\tpos\n`, form)).toEqual([
        { number: 1, empty: true },
        { number: 2, empty: true },
        { number: 4, text: 'good', label: 'pos' },
      ]);
      await expectMalformed(tsv(`${blank}\n\t\n`, form), /expected examples, got empty rows only$/);
    }
  });

  test('is refused when there is nothing behind it', async () => {
    await expectMalformed(tsv('review\tlabel\n', named), /got a header and no record$/);
  });

  test('says what is wrong with a line and goes on', async () => {
    expect(await tsv('review\tlabel\none\n\na\tb\tc\nfine\tpos\n', named)).toEqual([
      { number: 2, problem: '1 field, expected 2 as in the header' },
      { number: 3, empty: true },
      { number: 4, problem: '3 fields, expected 2 as in the header' },
      { number: 5, text: 'fine', label: 'pos' },
    ]);
  });

  test('lists its columns when one is missing or occurs twice', async () => {
    await expectMalformed(
      tsv('id\ttext\tlabel\n', named),
      /data\.tsv: expected a column 'review', got none .* id, text, label$/,
      /--text-column/,
    );
    const reading = tsv('review\treview\tlabel\n', named);
    await expectMalformed(reading, /expected a column 'review', got 2 of that name/);
  });
});
