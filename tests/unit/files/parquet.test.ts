import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codecOf } from '../../../src/files/parquet/codecs.js';
import { readParquet, readRows } from '../../../src/files/parquet.js';
import { collect, expectMalformed, expectRefused, fileWith, forAll, temporaryFolder } from '../support.js';
import { hasZstd } from '../../../src/files/compression/zstd.js';
import { ifZstd, storedZstd } from './compression/zstd-files.js';
import {
  craftedFile,
  dataPage,
  dictionaryPage,
  hadoopLz4,
  inMemory,
  levels,
  parquetFile,
  parquetOf,
  plain,
  storedLz4,
  type CraftedPage,
  type ParquetOptions,
} from './parquet-files.js';
import { anyPairs, asRecords, labelOrProblem, recordsOf } from './support.js';

const columns = { text: 'text', label: 'label' };

type ColumnData = ParquetOptions['columnData'][number];

/** A file of columns, each told by its name, type and data. */
const fileOf = (
  columnsOf: Readonly<Record<string, Omit<ColumnData, 'name'>>>,
  how: Partial<ParquetOptions> = {},
) =>
  parquetFile({ columnData: Object.entries(columnsOf).map(([name, rest]) => ({ name, ...rest })), ...how });
const rowsOf = async (bytes: Buffer) => collect(readRows(inMemory(bytes), 'data.parquet', columns));

const texts = Array.from({ length: 5000 }, (_, row) => `text ${row} ${'žluťoučký 語 😀 '.repeat(row % 7)}`);
const labels = texts.map((_, row) => ['neg', 'pos', 'neutral'][row % 3] ?? '');
const expected = asRecords(texts.map((text, row) => ({ text, label: labels[row] ?? '' })));

describe('a Parquet file', () => {
  test('gives back any texts and labels, over pages and row groups', async () => {
    const anyHow = fc.record({
      rowGroupSize: fc.integer({ min: 1, max: 40 }),
      pageSize: fc.integer({ min: 10, max: 400 }),
      codec: fc.constantFrom(...(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI'] as const)),
    });
    await forAll([anyPairs, anyHow, fc.boolean()]).check(async (pairs, how, nullable) => {
      const texts = { data: pairs.map(({ text }) => text), type: 'STRING', nullable } as const;
      const labels = { ...texts, data: pairs.map(({ label }) => label) };
      const id = { data: pairs.map((_, row) => row), type: 'INT32' } as const;
      expect(await rowsOf(fileOf({ label: labels, id, text: texts }, how))).toEqual(asRecords(pairs));
    });
  });

  test.each(['PLAIN', 'RLE_DICTIONARY', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY'] as const)(
    'reads texts in the encoding %s, with pages that end at other rows than those of the labels',
    async (encoding) => {
      const text = { data: texts, type: 'STRING', encoding } as const;
      const label = { data: labels, type: 'STRING' } as const;
      const file = fileOf({ text, label }, { rowGroupSize: 3000, pageSize: 10_000 });
      expect(await rowsOf(file)).toEqual(expected);
    },
  );

  test.each([
    ...ifZstd(['ZSTD', storedZstd] as const),
    ['LZ4_RAW', storedLz4],
    ['LZ4', storedLz4],
    ['LZ4', hadoopLz4],
  ] as const)('reads what is compressed by %s', async (codec, compress) => {
    const compressors = { [codec]: (bytes: Uint8Array) => compress(Buffer.from(bytes)) };
    const columns = { text: texts.slice(0, 500), label: labels.slice(0, 500) };
    const file = parquetOf(columns, { codec, compressors });
    expect(await rowsOf(file)).toEqual(expected.slice(0, 500));
  });

  test.skipIf(hasZstd)('in ZSTD, which Node lacks before 22.15, says what to do', async () => {
    const compressors = { ZSTD: (bytes: Uint8Array) => storedZstd(Buffer.from(bytes)) };
    const file = parquetOf({ text: ['a'], label: ['pos'] }, { codec: 'ZSTD', compressors });
    const reading = rowsOf(file);
    await expectMalformed(reading, /got: pages in ZSTD, which Node 20.* cannot/, /Node 22\.15 .* SNAPPY\.$/);
  });

  test('takes LZ4 lengths below zero for none', async () => {
    const decompress = await codecOf('LZ4');
    const endless = Buffer.alloc(40, 1);
    endless.writeInt32BE(0, 0);
    endless.writeInt32BE(-8, 4);
    expect(() => decompress(endless, 50)).toThrow(/lz4/);
  });

  test.each([
    ['INT32', [0, 1, -2], ['0', '1', '-2']],
    ['INT64', [0n, 1n, 9_007_199_254_740_993n], ['0', '1', '9007199254740993']],
    ['BOOLEAN', [true, false, true], ['true', 'false', 'true']],
    ['DOUBLE', [0.5, 1, -0.25], ['0.5', '1', '-0.25']],
    ['FLOAT', [0.5, 1, -0.25], ['0.5', '1', '-0.25']],
  ] as const)('takes labels of the type %s', async (type, values, written) => {
    const many = Array.from({ length: 60 }, (_, row) => values[row % 3]);
    const encodings = {
      INT32: ['PLAIN', 'RLE_DICTIONARY', 'DELTA_BINARY_PACKED', 'BYTE_STREAM_SPLIT'],
      INT64: ['PLAIN', 'RLE_DICTIONARY', 'DELTA_BINARY_PACKED', 'BYTE_STREAM_SPLIT'],
      BOOLEAN: ['PLAIN', 'RLE'],
      DOUBLE: ['PLAIN', 'RLE_DICTIONARY', 'BYTE_STREAM_SPLIT'],
      FLOAT: ['PLAIN', 'BYTE_STREAM_SPLIT'],
    } as const;
    for (const encoding of encodings[type]) {
      const text = { data: many.map((_, row) => `t${row}`), type: 'STRING' } as const;
      const file = fileOf({ text, label: { data: [...many], type, encoding } });
      const found = (await rowsOf(file)).map(labelOrProblem);
      expect(found).toEqual(many.map((_, row) => written[row % 3]));
    }
  });

  test('says which rows have no text or no label, and goes on', async () => {
    const file = parquetOf({ text: ['a', null, 'c', 'd'], label: [1, 2, null, 4] });
    expect(await rowsOf(file)).toEqual([
      { number: 1, text: 'a', label: '1' },
      { number: 2, problem: "nothing in column 'text', expected a text" },
      { number: 3, problem: "nothing in column 'label', expected a string, number or boolean as label" },
      { number: 4, text: 'd', label: '4' },
    ]);
  });

  test('says where texts are numbers or not UTF-8', async () => {
    const label = { data: ['pos'], type: 'STRING' as const };
    const numbers = fileOf({ text: { data: [7], type: 'INT32' }, label });
    expect(await rowsOf(numbers)).toEqual([
      { number: 1, problem: "the number 7 in column 'text', expected a text" },
    ]);
    const bytes = fileOf({ text: { data: [Uint8Array.of(0x61, 0xff)], type: 'BYTE_ARRAY' }, label });
    expect(await rowsOf(bytes)).toEqual([
      { number: 1, problem: "invalid UTF-8 in column 'text', expected a text" },
    ]);
  });

  test('has no record without rows', async () => {
    expect(await rowsOf(parquetOf({ text: [], label: [] }))).toEqual([]);
    expect(await rowsOf(withTexts(0, true))).toEqual([]);
  });

  test('is read from a disk, by named columns', async () => {
    const stars = { data: texts.map((_, row) => row % 5), type: 'INT32' } as const;
    const file = fileOf({ review: { data: texts, type: 'STRING' }, stars });
    const records = await recordsOf(file, 'data.PARQUET', { textColumn: 'review', labelColumn: 'stars' });
    expect(records[4999]).toEqual({ number: 5000, text: texts[4999], label: '4' });
    await expectMalformed(
      recordsOf(file, 'data.parquet', { labelColumn: 'stars' }),
      /data\.parquet: expected a column 'text', got none.*: review, stars$/,
      /--text-column/,
    );
  });

  test('is refused when its column has lists in it', async () => {
    const schema: ParquetOptions['schema'] = [
      { name: 'root', num_children: 2 },
      { name: 'text', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
      { name: 'label', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
    ];
    await expectMalformed(
      rowsOf(fileOf({ text: { data: [['a', 'b']] }, label: { data: ['pos'] } }, { schema })),
      /^data\.parquet: expected one value a row in the column 'text', got lists or columns in it$/,
      /^Name a column .* --text-column and --label-column/,
    );
  });

  test('has a column with a dot in its name beside a column with that path', async () => {
    const file = parquetFile({
      columnData: [
        { name: 'a', data: [{ text: 'inner' }] },
        { name: 'a.text', data: ['flat'] },
        { name: 'label', data: ['pos'] },
      ],
      schema: [
        { name: 'root', num_children: 3 },
        { name: 'a', repetition_type: 'REQUIRED', num_children: 1 },
        ...['text', 'a.text', 'label'].map((name) => ({
          ...({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const),
        })),
      ],
    });
    const dotted = readRows(inMemory(file), 'data.parquet', { text: 'a.text', label: 'label' });
    expect(await collect(dotted)).toEqual([{ number: 1, text: 'flat', label: 'pos' }]);
  });

  test('is missing, a folder or another kind of file', async () => {
    const folder = await temporaryFolder();
    const read = async (path: string) => collect(readParquet(path));
    await expectRefused(read(`${folder}/none.parquet`), 'DATA_MISSING', /none\.parquet.*ENOENT/);
    await expectRefused(read(folder), 'DATA_MISSING', /EISDIR/);
    const reading = read(await fileWith('text\tpos\n', 'a.parquet'));
    await expectMalformed(reading, /a\.parquet: expected a whole Parquet file, got: a file of 9 bytes/);
    await expectMalformed(
      read(await fileWith('text\tpos and more\n', 'a.parquet')),
      /a\.parquet: .*a start that is not that of a Parquet file/,
      /compressed inside/,
    );
  });
});

const byteArray = 6;
const [plainEncoding, rleDictionary, deltaBinaryPacked] = [0, 8, 5];

/** Pages of version 1: of so many values as they are, and of indexes into a dictionary. */
const plainPage = (count: number, ...body: readonly Buffer[]) => dataPage(count, plainEncoding, ...body);
const indexPage = (count: number, ...bytes: readonly number[]) =>
  dataPage(count, rleDictionary, Buffer.of(...bytes));

/** A file whose labels are right and whose texts are the given pages. */
function withTexts(rows: number, optional: boolean, ...pages: CraftedPage[]): Buffer {
  const written = Array.from({ length: rows }, () => plain('pos'));
  const labelPages = rows === 0 ? [] : [plainPage(rows, ...written)];
  return craftedFile(rows, [
    { name: 'text', type: byteArray, optional, pages },
    { name: 'label', type: byteArray, optional: false, pages: labelPages },
  ]);
}

describe('a Parquet file with pages of version 1', () => {
  const found = async (file: Buffer) =>
    (await rowsOf(file)).map((record) => ('text' in record ? record.text : labelOrProblem(record)));
  const nothing = "nothing in column 'text', expected a text";

  test('has texts one after another', async () => {
    const pages = [plainPage(2, plain('a'), plain('čtyři')), plainPage(1, plain(''))];
    expect(await found(withTexts(3, false, ...pages))).toEqual(['a', 'čtyři', '']);
  });

  test('has levels that say which texts are there, in runs or bit by bit', async () => {
    // A run of two 1s, then eight bits of which the first four count: 1, 0, 0, 1.
    const bits = levels(2 << 1, 1, (1 << 1) | 1, 0b1001);
    const there = ['a', 'b', 'c', 'd'].map(plain);
    const texts = await found(withTexts(6, true, plainPage(6, bits, ...there)));
    expect(texts).toEqual(['a', 'b', 'c', nothing, nothing, 'd']);
  });

  test('has texts in a dictionary, of which one alone needs no bits', async () => {
    const two = dictionaryPage(2, plain('a'), plain('b'));
    // Four indexes of one bit each: 0, 1, 1, 0.
    const page = indexPage(4, 1, (1 << 1) | 1, 0b0110);
    expect(await found(withTexts(4, false, two, page))).toEqual(['a', 'b', 'b', 'a']);
    const one = dictionaryPage(1, plain('a'));
    expect(await found(withTexts(3, false, one, indexPage(3, 0, 3 << 1)))).toEqual(['a', 'a', 'a']);
  });

  test('is held to the checksums of its pages', async () => {
    const page = plainPage(1, plain('a'));
    const withChecksum = (checksum: number): CraftedPage => {
      const { field_1, ...rest } = page.header;
      return { ...page, header: { field_1, field_4: checksum | 0, ...rest } };
    };
    // CRC-32 of 01 00 00 00 61, above 2^31 and so negative where it is written.
    expect(await found(withTexts(1, false, withChecksum(0xc1f78f63)))).toEqual(['a']);
    const reading = found(withTexts(1, false, withChecksum(0xc1f78f62)));
    await expectMalformed(reading, /a page whose checksum differs/);
  });

  test.each([
    ['texts beyond the page', false, [plainPage(1, Buffer.of(200, 0, 0, 0, 0x61))]],
    ['fewer texts than values', false, [plainPage(2, plain('a'))]],
    ['fewer values than rows', false, [plainPage(1, plain('a'))]],
    ['more values than rows', false, [plainPage(3, plain('a'), plain('b'), plain('c'))]],
    ['two thousand million values', false, [plainPage(2_000_000_000, plain('a'))]],
    ['a run beyond the values', true, [plainPage(2, levels(0xfe, 0xff, 0xff, 0xff, 0x0f, 1), plain('a'))]],
    ['a run of nothing', true, [plainPage(2, levels(0, 1, 4, 1), plain('a'), plain('b'))]],
    ['levels beyond the page', true, [plainPage(2, Buffer.of(200, 0, 0, 0, 1))]],
    [
      'indexes beyond the values',
      false,
      [dictionaryPage(1, plain('a')), indexPage(2, 1, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0)],
    ],
    ['indexes of 200 bits', false, [dictionaryPage(1, plain('a')), indexPage(2, 200, 3, 0)]],
    ['indexes without a dictionary', false, [indexPage(2, 1, 4, 0)]],
    ['a dictionary of too much', false, [dictionaryPage(1 << 30, plain('a')), indexPage(2, 0)]],
    ['integers for texts', false, [dataPage(2, deltaBinaryPacked, Buffer.of(128, 1, 4, 2, 0))]],
    ['a page of an unknown type', false, [{ header: { field_1: 9 }, body: Buffer.of(0) }]],
    ['a page header without its details', false, [{ header: { field_1: 0 }, body: Buffer.of(0) }]],
    ['no page', false, []],
  ] satisfies [string, boolean, CraftedPage[]][])('is refused with %s', async (_what, optional, pages) => {
    const failure = rowsOf(withTexts(2, optional, ...pages));
    await expectMalformed(failure, /^data\.parquet: expected a whole Parquet file, got: /);
  });
});
