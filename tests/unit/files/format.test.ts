import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { delimiterRule } from '../../../src/files/form.js';
import { formatOf } from '../../../src/files/format.js';
import { readRecords } from '../../../src/files/read.js';
import { zipOf } from '../corpora/fetch/archives.js';
import { advError, collect, expectMalformed, expectRefused, fileWith, matching } from '../support.js';
import { wordRows } from '../support.js';
import { parquetOf } from './parquet-files.js';
import { recordsOf } from './support.js';
import { ifZstd, zstdLines, zstdOfLines } from './compression/zstd-files.js';

test.each(
  wordRows(`
    a.tsv tsv  a.txt tsv  a.csv csv  a.jsonl jsonl  a.ndjson jsonl  a.parquet parquet  a.pq parquet
    a.json json  a.json.gz json  folder.csv/a.JSONL jsonl  a.csv.gz csv  a.jsonl.ZST jsonl
    a.csv.tsv tsv  a.gz tsv  a.dat tsv  a tsv  .csv tsv`),
)('%s is %s', (name, format) => {
  expect(formatOf(name)).toBe(format);
});

test('a format that is named goes before the extension', async () => {
  const records = await recordsOf('text,label\ngood,pos\n', 'data.tsv', { format: 'csv' });
  expect(records).toEqual([{ number: 2, text: 'good', label: 'pos' }]);
});

test.each([
  ['lines.tsv.gz', gzipSync(zstdLines)],
  ...ifZstd(['lines.tsv.zst', zstdOfLines] as const),
] as const)('%s is read as the form it holds', async (name, content) => {
  const records = await recordsOf(content, name);
  expect(records).toHaveLength(zstdLines.split('\n').length - 1);
  expect(records[1]).toEqual({ number: 2, text: 'text 1 of some words', label: 'label1' });
});

test('columns must differ, with their defaults', async () => {
  for (const form of [
    { textColumn: 'a', labelColumn: 'a' },
    { textColumn: 'label' },
    { labelColumn: 'text' },
  ]) {
    await expect(collect(readRecords('data.csv', form))).rejects.toEqual(
      advError('USAGE', /expected different columns for texts and labels, got '(a|label|text)' for both/),
    );
  }
});

describe('a Parquet file', () => {
  const table = parquetOf({ text: ['a', 'b'], label: ['x', 'y'] });
  const rows = [
    { number: 1, text: 'a', label: 'x' },
    { number: 2, text: 'b', label: 'y' },
  ];

  test('is known by how it begins, whatever the name', async () => {
    for (const name of ['data.parquet', 'data.pq', 'data.csv', 'data.tsv', 'data.json', 'data']) {
      expect(await recordsOf(table, name)).toEqual(rows);
      expect(await recordsOf(table, name, { format: 'parquet' })).toEqual(rows);
    }
  });

  test('is not what a user says who names another form', async () => {
    for (const format of ['tsv', 'csv', 'jsonl', 'json'] as const) {
      await expectMalformed(
        recordsOf(table, 'data.csv', { format }),
        new RegExp(`expected ${format} because of --format, got Parquet$`),
        /--format parquet/,
      );
    }
  });

  test('is not what else has its name, or what the user says is one', async () => {
    const text = Buffer.from('text,label\ngood,pos\n');
    for (const [content, found] of [
      [text, 'another start than that of a Parquet file'],
      [gzipSync(table), 'gzip data'],
      [zipOf({ path: 'data.parquet', content: table }), 'a zip archive'],
    ] as const) {
      for (const name of ['data.parquet', 'data.pq']) {
        await expectMalformed(
          recordsOf(content, name),
          new RegExp(`expected Parquet because of its name, got ${found}$`),
          /--format tsv/,
        );
      }
      const reading = recordsOf(content, 'data.tsv', { format: 'parquet' });
      await expectMalformed(reading, new RegExp(`expected Parquet because of --format, got ${found}$`));
    }
  });

  test('has rows', async () => {
    const none = parquetOf({ text: [], label: [] });
    const reading = recordsOf(none, 'data.parquet');
    await expectMalformed(reading, /expected examples, got a table without rows$/, /^Each row of the table/);
  });

  test('says which label is no number, by its row', async () => {
    const columns = { text: ['a', 'b', 'c', 'd'], label: [1, NaN, Infinity, 2 ** 60] };
    const expected = "in column 'label', expected a finite number or a string as label";
    expect(await recordsOf(parquetOf(columns), 'data.pq')).toEqual([
      { number: 1, text: 'a', label: '1' },
      { number: 2, problem: `NaN, which is not a number, ${expected}` },
      { number: 3, problem: `an infinite number ${expected}` },
      { number: 4, problem: matching(/too large to be exact as a label/) },
    ]);
  });
});

test('a delimiter is for CSV', async () => {
  const file = await fileWith('text|label\ngood|pos\n', 'data.txt');
  await expectRefused(
    collect(readRecords(file, { delimiter: '|' })),
    'USAGE',
    /expected CSV beside --delimiter, got a file that is read as TSV$/,
    /^Give --format csv too/,
  );
  await expectRefused(
    collect(readRecords(file, { delimiter: '|', format: 'tsv' })),
    'USAGE',
    /beside --delimiter/,
    /^Give --format csv in place of tsv, or leave --delimiter out\.$/,
  );
  for (const content of ['{"text": "a", "label": "b"}\n', '[{"text": "a", "label": "b"}]']) {
    const json = await fileWith(content, 'data.json');
    await expect(collect(readRecords(json, { delimiter: ';' }))).rejects.toEqual(
      advError('USAGE', /expected CSV beside --delimiter, got a file that is read as JSON$/, /^Leave --del/),
    );
  }
  expect(await collect(readRecords(file, { delimiter: '|', format: 'csv' }))).toHaveLength(1);
  expect(await recordsOf('good\tpos\n', 'data.tsv', { delimiter: '\t' })).toHaveLength(1);
});

test('only what is one ASCII character, no quote and no line break is a delimiter', () => {
  for (const delimiter of [';', '\t', '|', ' ', ',', ':', "'"])
    expect(delimiterRule.accepts(delimiter)).toBe(true);
  for (const wrong of ['', ';;', '"', '\n', '\r', '\0', 'š', '\\t', 1, null])
    expect(delimiterRule.accepts(wrong)).toBe(false);
});
