import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestLineBytes } from '../../../../src/data/lines.js';
import { advError } from '../support.js';
import { asRecords, plainPairs, recordsOf } from './support.js';

const named = { textColumn: 'review' };

describe('a TSV file without a header', () => {
  test('gives back any texts and labels of one line', async () => {
    await fc.assert(
      fc.asyncProperty(plainPairs, fc.constantFrom('\n', '\r\n'), async (pairs, lineBreak) => {
        const written = pairs.map(({ text, label }) => `${text}x\t${label}y${lineBreak}`).join('');
        const expected = pairs.map(({ text, label }) => ({ text: `${text}x`, label: `${label}y` }));
        expect(await recordsOf(written, 'data.tsv')).toEqual(asRecords(expected));
      }),
      { numRuns: 100 },
    );
  });

  test('drops a byte order mark, and takes quotes as they are', async () => {
    expect(await recordsOf('\ufeff"a" said\t"b"\n', 'data.tsv')).toEqual([
      { number: 1, text: '"a" said', label: '"b"' },
    ]);
  });

  test('says what is wrong with a line and goes on', async () => {
    const content = `\nno tab\na\tb\tc\n${'long'.repeat(longestLineBytes / 4)}\tx\nfine\tpos`;
    expect(await recordsOf(content, 'data.tsv')).toEqual([
      { number: 1, problem: 'empty line, expected text<TAB>label' },
      { number: 2, problem: 'no tab, expected text<TAB>label' },
      { number: 3, problem: '2 tabs, expected exactly one between text and label' },
      { number: 4, problem: `longer than ${longestLineBytes} bytes` },
      { number: 5, text: 'fine', label: 'pos' },
    ]);
  });

  test('has no record when it is empty', async () => {
    expect(await recordsOf('', 'data.tsv')).toEqual([]);
  });
});

describe('a TSV file that ends with a blank line', () => {
  test.each([
    [{}, 1, 'empty line, expected text<TAB>label'],
    [named, 2, 'empty line'],
  ])('has no record there, unless a line follows: %j', async (form, number, problem) => {
    const header = number === 1 ? '' : 'review\tlabel\n';
    const good = { number, text: 'a', label: 'b' };
    const read = async (end: string) => recordsOf(`${header}a\tb\n${end}`, 'data.tsv', form);
    for (const end of ['\n', '\r\n', '  ', '']) expect(await read(end)).toEqual([good]);
    expect(await read('\n\n')).toEqual([good, { number: number + 1, problem }]);
    expect(await read('\t\n')).toEqual([good, { number: number + 1, text: '', label: '' }]);
  });
});

describe('a TSV file with a header', () => {
  test('is told by a column option, and finds both columns wherever they stand', async () => {
    expect(await recordsOf('id\tlabel\treview\r\n7\tpos\tgood\r\n8\tneg\t\r\n', 'data.tsv', named)).toEqual([
      { number: 2, text: 'good', label: 'pos' },
      { number: 3, text: '', label: 'neg' },
    ]);
    expect(await recordsOf('sentiment\ttext\npos\tgood\n', 'a.txt', { labelColumn: 'sentiment' })).toEqual([
      { number: 2, text: 'good', label: 'pos' },
    ]);
  });

  test('says what is wrong with a line and goes on', async () => {
    expect(await recordsOf('review\tlabel\none\n\na\tb\tc\nfine\tpos\n', 'data.tsv', named)).toEqual([
      { number: 2, problem: '1 field, expected 2 as in the header' },
      { number: 3, problem: 'empty line' },
      { number: 4, problem: '3 fields, expected 2 as in the header' },
      { number: 5, text: 'fine', label: 'pos' },
    ]);
  });

  test('lists its columns when one is missing or occurs twice', async () => {
    await expect(recordsOf('id\ttext\tlabel\n', 'data.tsv', named)).rejects.toEqual(
      advError(
        'DATA_MALFORMED',
        /data\.tsv: expected a column 'review', got none .* id, text, label$/,
        /--text-column/,
      ),
    );
    await expect(recordsOf('review\treview\tlabel\n', 'data.tsv', named)).rejects.toEqual(
      advError('DATA_MALFORMED', /expected a column 'review', got 2 of that name/),
    );
  });
});
