import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { gunzip } from '../../../../src/data/compression/gzip.js';
import { unzstd } from '../../../../src/data/compression/zstd.js';
import { readCsv } from '../../../../src/data/readers/csv.js';
import { readJsonl } from '../../../../src/data/readers/jsonl.js';
import { readRows } from '../../../../src/data/readers/parquet.js';
import type { FileRecord } from '../../../../src/data/readers/record.js';
import { readTsv } from '../../../../src/data/readers/tsv.js';
import { AdvError } from '../../../../src/errors.js';
import { collect } from '../support.js';
import { fewLines, zstdOfFewLines } from '../zstd-files.js';
import {
  craftedFile,
  dataPage,
  dictionaryPage,
  inMemory,
  levels,
  parquetFile,
  plain,
} from './parquet-files.js';
import { chunksOf } from './support.js';

/** Every input is one of 10,000 that the seed decides. */
const runs = { seed: 20180507, numRuns: 10_000 };
/** No input may take longer; a parser that does not end fails its test by the time limit. */
const longestMs = 5000;

/** A change at a share of the length: some bytes flipped, deleted, inserted, repeated, or all behind cut off. */
const change = fc.record({
  kind: fc.constantFrom('flip', 'set', 'delete', 'insert', 'repeat', 'cut'),
  // Without a bias, which would put most changes at the start.
  place: fc.noBias(fc.integer({ min: 0, max: 0xffff })).map((place) => place / 0x10000),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
});
const changes = fc.array(change, { minLength: 1, maxLength: 4 });

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function changed(whole: Buffer, list: readonly Change[]): Buffer {
  return list.reduce((bytes, { kind, place, bytes: written }) => {
    const at = Math.floor(place * bytes.length);
    const before = bytes.subarray(0, at);
    const behind = bytes.subarray(at);
    switch (kind) {
      case 'flip':
        return Buffer.concat([
          before,
          behind.subarray(0, 1).map((byte) => byte ^ (1 << ((written[0] ?? 0) & 7))),
          behind.subarray(1),
        ]);
      case 'set':
        return Buffer.concat([before, written, behind.subarray(written.length)]);
      case 'delete':
        return Buffer.concat([before, behind.subarray(written.length)]);
      case 'insert':
        return Buffer.concat([before, written, behind]);
      case 'repeat':
        return Buffer.concat([before, behind.subarray(0, written.length), behind]);
      case 'cut':
        return before;
    }
  }, whole);
}

/** What reading gives, or the error; any error but an AdvError of malformed data fails the test, and so does a slow input. */
async function outcomeOf<Item>(items: AsyncIterable<Item>): Promise<Item[] | undefined> {
  const began = performance.now();
  try {
    return await collect(items);
  } catch (error) {
    if (!(error instanceof AdvError) || error.code !== 'DATA_MALFORMED' || !error.message.startsWith('data'))
      throw error;
    return undefined;
  } finally {
    expect(performance.now() - began).toBeLessThan(longestMs);
  }
}

function expectRecords(records: readonly FileRecord[]): void {
  let before = 0;
  for (const record of records) {
    if (!(record.number > before)) throw new Error(`record ${record.number} behind ${before}`);
    before = record.number;
    const values = 'problem' in record ? [record.problem] : [record.text, record.label];
    if (!values.every((value) => typeof value === 'string' && value.isWellFormed()))
      throw new Error('no text');
  }
}

const pairs = Array.from({ length: 12 }, (_, row) => ({
  text: row % 3 === 0 ? `he said "žluťoučký, 😀"\nand ${row} left` : `plain ${row}`,
  label: ['neg', 'pos'][row % 2] ?? '',
}));
const quoted = ({ text, label }: { text: string; label: string }) =>
  `"${text.replaceAll('"', '""')}",${label}`;
const columns = { text: 'text', label: 'label' };
const tsv = ['text\tlabel', ...pairs.map(({ text, label }) => `${text.replace('\n', ' ')}\t${label}`)];

test.each([
  // Without columns the header is a line like the others.
  ['TSV', readTsv, [undefined, columns], tsv],
  ['CSV', readCsv, [columns], ['text,label', ...pairs.map(quoted), 'plain,pos', 'and,neg']],
  ['JSONL', readJsonl, [columns], pairs.map((pair) => JSON.stringify(pair))],
] as const)('any %s gives records, or says what is wrong', async (_form, read, named, lines) => {
  const whole = Buffer.from(lines.join('\n'));
  const sizes = fc.constantFrom(100, whole.length * 2);
  await fc.assert(
    fc.asyncProperty(changes, sizes, fc.constantFrom(...named), async (list, size, names) => {
      const records = await outcomeOf(read(chunksOf(changed(whole, list), size), 'data', names));
      if (records !== undefined) expectRecords(records);
    }),
    runs,
  );
});

const compressions = [
  ['gzip', gunzip, gzipSync(fewLines)],
  ['zstd', unzstd, zstdOfFewLines],
] as const;

test.each(compressions)(
  'any %s data gives what was compressed, or is found damaged',
  async (_form, decompress, whole) => {
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const bytes = changed(whole, list);
        fc.pre(bytes.length > 0);
        const pieces = await outcomeOf(decompress(chunksOf(bytes, 2000), 'data'));
        // Some bytes say nothing of the content, such as the time in gzip's header.
        if (pieces !== undefined) expect(Buffer.concat(pieces).toString()).toBe(fewLines);
      }),
      runs,
    );
  },
);

const texts = pairs.map(({ text }) => text);
const labels = pairs.map(({ label }) => label);
const stringColumn = (name: string, data: readonly string[]) => ({
  name,
  data: [...data],
  type: 'STRING' as const,
});
const parquetFiles = {
  'of version 2': ['PLAIN', 'RLE_DICTIONARY', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY'].map(
    (encoding, place) =>
      parquetFile({
        columnData: [
          { ...stringColumn('text', [...texts, ...texts]), encoding: encoding as 'PLAIN' },
          place % 2 === 0
            ? stringColumn('label', [...labels, ...labels])
            : {
                name: 'label',
                data: [...labels, ...labels].map((_, row) => row),
                type: 'INT32',
                encoding: 'DELTA_BINARY_PACKED',
              },
        ],
        codec: (['SNAPPY', 'UNCOMPRESSED', 'GZIP', 'BROTLI'] as const)[place] ?? 'SNAPPY',
        rowGroupSize: 10,
        pageSize: 60,
      }),
  ),
  'of version 1': [
    craftedFile(6, [
      {
        ...{ name: 'text', type: 6, optional: true },
        pages: [dataPage(6, 0, levels(2 << 1, 1, (1 << 1) | 1, 0b1001), ...['a', 'b', 'c', 'd'].map(plain))],
      },
      {
        ...{ name: 'label', type: 6, optional: false },
        pages: [
          dictionaryPage(2, plain('neg'), plain('pos')),
          dataPage(6, 8, Buffer.of(1, (1 << 1) | 1, 0b010110)),
        ],
      },
    ]),
  ],
};

test.each(Object.entries(parquetFiles))(
  'any Parquet file %s gives records, or is found damaged',
  async (_which, files) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), changes, async (whole, list) => {
        const file = inMemory(changed(whole, list));
        const records = await outcomeOf(readRows(file, 'data', columns));
        if (records !== undefined) expectRecords(records);
      }),
      runs,
    );
  },
);
