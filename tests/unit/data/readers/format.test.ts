import { expect, test } from 'vitest';
import { formatOf } from '../../../../src/data/readers/format.js';
import { readRecords } from '../../../../src/data/readers/read.js';
import { advError, collect, fileWith } from '../support.js';
import { zstdLines, zstdOfLines } from '../zstd-files.js';

test.each([
  ['a.tsv', 'tsv'],
  ['a.txt', 'tsv'],
  ['a.csv', 'csv'],
  ['a.jsonl', 'jsonl'],
  ['a.ndjson', 'jsonl'],
  ['a.parquet', 'parquet'],
  ['a.pq', 'parquet'],
  ['a.json', 'json'],
  ['a.json.gz', 'json'],
  ['folder.csv/a.JSONL', 'jsonl'],
  ['a.csv.gz', 'csv'],
  ['a.jsonl.ZST', 'jsonl'],
  ['a.csv.tsv', 'tsv'],
  ['a.gz', 'tsv'],
  ['a.dat', 'tsv'],
  ['a', 'tsv'],
  ['.csv', 'tsv'],
])('%s is %s', (name, format) => {
  expect(formatOf(name)).toBe(format);
});

test('a format that is named goes before the extension', async () => {
  const file = await fileWith('text,label\ngood,pos\n', 'data.tsv');
  expect(await collect(readRecords(file, { format: 'csv' }))).toEqual([
    { number: 2, text: 'good', label: 'pos' },
  ]);
});

test('a compressed file is read as the form it holds', async () => {
  const file = await fileWith(zstdOfLines, 'lines.tsv.zst');
  const records = await collect(readRecords(file));
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
