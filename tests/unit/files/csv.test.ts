import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCsv } from '../../../src/files/csv.js';
import type { FileRecord } from '../../../src/files/record.js';
import { longestLineBytes } from '../../../src/files/lines.js';
import { advError, collect, expectMalformed, forAll, matching } from '../support.js';
import { anyPairs, chunksOf, recordsOf } from './support.js';

const csv = async (content: string | Uint8Array) => recordsOf(content, 'data.csv');

/** Number of a record that begins behind some text: line breaks are LF, or CRLF. */
const lineAfter = (before: string) => before.split('\n').length;

test('gives back any texts and labels with the lines on which they begin', async () => {
  const [lineBreaks, sizes] = [fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 50 })];
  const kinds = forAll([anyPairs, lineBreaks, fc.boolean(), sizes], { numRuns: 200 });
  await kinds.check(async (pairs, lineBreak, quoted, chunk) => {
    const line = (values: string[]) =>
      stringify([values], { record_delimiter: lineBreak, quoted, quoted_match: /[\r\n]/ });
    let written = line(['label', 'id', 'text']);
    const expected: FileRecord[] = [];
    for (const { text, label } of pairs) {
      expected.push({ number: lineAfter(written), text, label });
      written += line([label, '"', text]);
    }
    const chunks = chunksOf(Buffer.from(written), chunk);
    expect(await collect(readCsv(chunks, 'data.csv', undefined))).toEqual(expected);
  });
});

test('takes a byte order mark before a quoted header, and a last line without a break', async () => {
  expect(await csv('\ufeff"text","label"\r\n"good, really",pos')).toEqual([
    { number: 2, text: 'good, really', label: 'pos' },
  ]);
});

test('keeps line breaks and quotes that stand in quotes, and blanks', async () => {
  expect(await csv('text,label\n"one\r\ntwo\nsaid ""three""", pos \nlast,neg\n')).toEqual([
    { number: 2, text: 'one\r\ntwo\nsaid "three"', label: ' pos ' },
    { number: 5, text: 'last', label: 'neg' },
  ]);
});

test('is refused when it is empty or has a header alone', async () => {
  await expectMalformed(csv(''), /expected examples, got an empty file$/, /first record names the columns/);
  await expectMalformed(csv('\ufeff'), /got nothing but white space$/, /first record/);
  for (const header of ['text,label', 'text,label\n', '\ufefftext,label\r\n']) {
    await expectMalformed(csv(header), /got a header and no record$/, /first record names the columns/);
  }
});

test('has empty rows, which are no examples, wherever all fields are blank', async () => {
  const good: FileRecord = { number: 3, text: 'a', label: 'b' };
  for (const empty of ['', ',', ',,,', ' , ', '"",""', '\r']) {
    expect(await csv(`text,label\n${empty}\na,b\n${empty}\n${empty}\n`)).toEqual([
      { number: 2, empty: true },
      good,
      { number: 4, empty: true },
      { number: 5, empty: true },
    ]);
  }
  expect(await csv('text,label\n\na,b\n  ')).toEqual([
    { number: 2, empty: true },
    good,
    { number: 4, empty: true },
  ]);
  expect(await csv('text,label\n,b\n')).toEqual([{ number: 2, text: '', label: 'b' }]);
});

test('has its header below the empty rows that a program wrote above it', async () => {
  for (const empty of ['', ',,', ' , ', '"",""', '\r']) {
    expect(await csv(`\ufeff${empty}\n${empty}\nlabel,text\npos,good\n`)).toEqual([
      { number: 1, empty: true },
      { number: 2, empty: true },
      { number: 4, text: 'good', label: 'pos' },
    ]);
    await expectMalformed(
      csv(`${empty}\n,,\n`),
      /expected examples, got empty rows only$/,
      /first record names the columns/,
    );
  }
});

test('takes another delimiter, which no comma ends a field beside', async () => {
  for (const delimiter of [';', '\t', '|', ' ']) {
    const content = `\ufefftext${delimiter}label\r\n"a${delimiter}""b"",\n"${delimiter}pos\r\nc,d${delimiter}neg\r\n`;
    expect(await recordsOf(content, 'data.csv', { delimiter })).toEqual([
      { number: 2, text: `a${delimiter}"b",\n`, label: 'pos' },
      { number: 4, text: 'c,d', label: 'neg' },
    ]);
  }
});

test.each([
  ['a missing field', 'one', /^1 field, expected 2 as in the header$/],
  ['a field too many', 'a,b,c', /^3 fields, expected 2/],
  ['text behind a quoted field', '"a" b,pos', /^text behind the closing quote of a field: .*doubled$/],
  ['quotes that are not doubled', '"he said "no"",pos', /^text behind the closing quote/],
  ['a quote inside a field', '5" screen,pos', /^a quote in a field that does not begin with one: /],
  ['other bytes', Uint8Array.from([0x61, 0xff, 0x2c, 0x62]), /^invalid UTF-8 at byte 2 of the record$/],
  ['a NUL character', 'a\0,pos', /^a NUL character at byte 2 of the record, as in UTF-16$/],
  ['a long line', 'a'.repeat(longestLineBytes + 1), /^longer than 1048576 bytes/],
  [
    'a quote that does not close',
    `"${'a\n'.repeat(longestLineBytes / 2 - 1)}bbbbbbbbb`,
    /^longer than 1048576 bytes, or with a quote that is not closed/,
  ],
])('says what is wrong with %s and goes on', async (_what, line, problem) => {
  const good = Array.from({ length: 100 }, (_, place) => `text ${place},pos\n`).join('');
  const before = Buffer.from(`text,label\n${good}`);
  const content = Buffer.concat([before, Buffer.from(line), Buffer.from(`\n${good}`)]);
  const records = await csv(content);
  expect(records.filter((record) => 'text' in record)).toHaveLength(200);
  const wrong = records.filter((record) => 'problem' in record);
  expect(wrong).toEqual([{ number: 102, problem: matching(problem) }]);
  expect(records.at(-1)).toEqual({
    number: 201 + Buffer.from(line).filter((byte) => byte === 0x0a).length + 1,
    text: 'text 99',
    label: 'pos',
  });
});

test('leaves a quote that is never closed to the record it stands in', async () => {
  expect(await csv('text,label\n"open,pos\n"next",neg\nlast,pos\n')).toEqual([
    { number: 2, problem: matching(/^text behind the closing quote .*the lines 2 to 3\)$/) },
    { number: 4, text: 'last', label: 'pos' },
  ]);
  expect(await csv('text,label\nfine,pos\n"open,pos\nlast,neg\n')).toEqual([
    { number: 2, text: 'fine', label: 'pos' },
    { number: 3, problem: matching(/^a quote that is not closed/) },
  ]);
  // The last line counts, with or without a line break.
  for (const end of ['', '\n']) {
    expect(await csv(`text,label\n"open,pos\nlast,neg${end}`)).toEqual([
      { number: 2, problem: matching(/not closed.*the lines 2 to 3\)$/) },
    ]);
  }
});

test('says so of every record that is wrong, however many', async () => {
  const lines = Array.from({ length: 1000 }, (_, place) => (place % 7 === 3 ? 'a"b,pos' : `t${place},pos`));
  const records = await csv(`text,label\n${lines.join('\n')}`);
  const wrong = records.filter((record) => 'problem' in record).map(({ number }) => number);
  expect(wrong).toEqual(lines.flatMap((line, place) => (line.includes('"') ? [place + 2] : [])));
  expect(records).toHaveLength(1000);
});

test('counts the lines of a record that is too long over all chunks', async () => {
  const before = `text,label\n"open,pos\n${'line,pos\n'.repeat(10_000)}`;
  const content = Buffer.from(`${before}${'y'.repeat(longestLineBytes)}\nafter,neg\n`);
  expect(await collect(readCsv(chunksOf(content, 1 << 16), 'data.csv', undefined))).toEqual([
    { number: 2, problem: matching(/the lines 2 to 10003\)$/) },
    { number: 10_004, text: 'after', label: 'neg' },
  ]);
});

test('takes a long record in small pieces in time that grows with its length', async () => {
  const content = Buffer.from(`text,label\n"${'x'.repeat(400_000)}",pos\n`);
  const began = performance.now();
  const records = await collect(readCsv(chunksOf(content, 1), 'data.csv', undefined));
  expect(records).toEqual([{ number: 2, text: 'x'.repeat(400_000), label: 'pos' }]);
  expect(performance.now() - began).toBeLessThan(10_000);
});

test('lists its columns when one is missing or occurs twice', async () => {
  await expectMalformed(
    csv('id,review,stars\n1,good,5\n'),
    /data\.csv: expected a column 'text', got none.*: id, review, stars$/,
    /--text-column/,
  );
  await expectMalformed(csv('text,label,text\n'), /expected a column 'text', got 2 of that name/);
  await expectMalformed(csv('text;label\na;b\n'), /its columns are: text;label$/, /give --delimiter ';'\./);
  const tabs = csv('text\tlabel\na\tb\n');
  await expectMalformed(tabs, /its columns are: text\tlabel$/, /give --delimiter '\\t'\./);
  const marked = csv('sep=;\r\ntext;label\r\n');
  await expectMalformed(marked, /its columns are: sep=;$/, /delete it and give --delimiter ';'\./);
  const commas = recordsOf('text,label\na,b\n', 'data.csv', { delimiter: ';' });
  await expectMalformed(commas, /its columns are: text,label$/, /than ';': give --delimiter ','\./);
  await expectMalformed(
    csv('text,label\rgood,pos\nbad,neg\n'),
    /expected a column 'label', got none/,
    /end with LF or CRLF; here a CR stands alone/,
  );
  await expectMalformed(csv('"text"x,label\na,b\n'), /data\.csv:1: text behind the closing quote/);
});

test.each([
  ['"text";"label"\n"a, b";"pos"\n', /than ',': give --delimiter ';'\.$/],
  ['"";"text";"label"\r\n"1";"a";"pos"\r\n', /give --delimiter ';'\.$/],
  ['\ufeffid;"text";"label"\n1;"a";"pos"\n', /give --delimiter ';'\.$/],
  ['"text"\t"label"\n"a"\t"pos"\n', /give --delimiter '\\t'\.$/],
  ['"text"|"label"\n"a"|"pos"\n', /give --delimiter '\|'\.$/],
  ['"text"x,"label"\n', /^The first record must name the columns\.$/],
])('names the delimiter of a header in quotes that another one stands in: %j', async (content, hint) => {
  const reading = csv(content);
  await expectMalformed(reading, /data\.csv:1: (text behind the closing quote|a quote in a field)/, hint);
  const other = { delimiter: ';' };
  await expect(recordsOf('"text","label"\n"a","pos"\n', 'data.csv', other)).rejects.toEqual(
    advError('DATA_MALFORMED', /data\.csv:1: text behind/, /than ';': give --delimiter ','\.$/),
  );
});

test('does not look for records for ever in quotes that never close', async () => {
  const content = `text,label\n${'b","\n'.repeat(1_000_000)}`;
  const began = performance.now();
  const records = await csv(content);
  expect(records.length).toBeGreaterThan(3);
  expect(performance.now() - began).toBeLessThan(20_000);
});
