import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readCsv } from '../../../src/files/csv.js';
import { readJsonArray } from '../../../src/files/json-array.js';
import { readJsonl } from '../../../src/files/jsonl.js';
import { readRows } from '../../../src/files/parquet.js';
import { readRecords } from '../../../src/files/read.js';
import type { FileRecord } from '../../../src/files/record.js';
import { readTsv } from '../../../src/files/tsv.js';
import { memoryFolder } from '../fuzz/files.js';
import { fuzz, inputCount } from '../fuzz/fuzz.js';
import { mutatedBytes } from '../fuzz/mutator.js';
import { collect } from '../support.js';
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
  type ParquetOptions,
  plain,
  storedLz4,
} from './parquet-files.js';
import { chunksOf } from './support.js';

/** How many records came, of how many inputs some came, and how many records say what is wrong with them. */
class Records {
  inputs = 0;
  wrong = 0;

  /** Records are numbered upwards and hold text that UTF-8 can write. */
  check(records: readonly FileRecord[]): void {
    let before = 0;
    for (const record of records) {
      if (!(record.number > before)) throw new Error(`record ${record.number} behind ${before}`);
      before = record.number;
      if ('empty' in record) continue;
      const values = 'problem' in record ? [record.problem] : [record.text, record.label];
      if (!values.every((value) => typeof value === 'string' && value.isWellFormed()))
        throw new Error('no text');
      if ('problem' in record) this.wrong++;
    }
    if (records.some((record) => 'text' in record)) this.inputs++;
  }
}

const pairs = Array.from({ length: 12 }, (_, row) => ({
  text: row % 3 === 0 ? `he said "žluťoučký, 😀"\nand ${row} left` : `plain ${row}`,
  label: ['neg', 'pos'][row % 2] ?? '',
}));
const quoted = ({ text, label }: { text: string; label: string }) =>
  `"${text.replaceAll('"', '""')}",${label}`;
const columns = { text: 'text', label: 'label' };
const bufferOf = (...lines: readonly string[]) => Buffer.from(lines.join('\n'));

const tsvLines = pairs.map(({ text, label }) => `${text.replace('\n', ' ')}\t${label}`);
const tsv = bufferOf('text\tlabel', ...tsvLines);
const csv = bufferOf('text,label', ...pairs.map(quoted), 'plain,pos', 'and,neg');
const objects = [
  ...pairs.map((pair) => JSON.stringify(pair)),
  '{"label": true, "text": "\\u017e\\n", "more": [1, {"a": null}]}',
];
const jsonl = bufferOf(...objects);
const jsonArray = bufferOf('[', objects.join(',\n'), ']');

const objectParts = ['{', '}', '[', '"', '\\u', '\n', 'null', '{"text":', '__proto__'];
const arrayParts = ['{', '}', '[', ']', ',', '"', '\\', '\\u', '\n', 'null', '{"text":', '__proto__'];
const tsvFiles = [tsv, bufferOf('a\tb\r', 'c\td\r', '')];
const csvFiles = [csv, bufferOf('id,label,text\r', '1,"a","b"\r', '')];
const arrays = [
  jsonArray,
  Buffer.from(JSON.stringify(pairs)),
  Buffer.from(JSON.stringify(pairs, null, '\t')),
];

test.each([
  // Without columns the header is a line like the others.
  ['TSV', readTsv, [undefined, columns], tsvFiles, ['\t', '\n', '\r\n', '\ufeff']],
  ['CSV', readCsv, [columns], csvFiles, ['"', '""', ',', '\n', '\r\n', '"\n']],
  ['JSONL', readJsonl, [columns], [jsonl], objectParts],
  ['JSON array', readJsonArray, [columns], arrays, arrayParts],
] as const)('any %s gives records, or says what is wrong', async (name, read, named, seeds, words) => {
  const found = new Records();
  await fuzz({
    name,
    input: (random) => ({
      bytes: mutatedBytes(random, { seeds, words: words.map((word) => Buffer.from(word)) }),
      size: random.pick([1, 100, 10_000]),
      columns: named[random.below(named.length)],
    }),
    read: async (input) => {
      found.check(await collect(read(chunksOf(input.bytes, input.size), 'data', input.columns)));
    },
    refusals: ['DATA_MALFORMED'],
    moreThan: { valid: 5_000 },
  });
  expect(found.inputs).toBeGreaterThan(4_000);
  expect(found.wrong).toBeGreaterThan(1_000);
});

const texts = pairs.map(({ text }) => text);
const labels = pairs.map(({ label }) => label);
const stringColumn = (name: string, data: readonly string[]) => ({
  name,
  data: [...data],
  type: 'STRING' as const,
});
const compressors: ParquetOptions['compressors'] = {
  ZSTD: (bytes) => storedZstd(Buffer.from(bytes)),
  LZ4: (bytes) => hadoopLz4(Buffer.from(bytes)),
  LZ4_RAW: (bytes) => storedLz4(Buffer.from(bytes)),
};
const parquetFiles = {
  'Parquet of version 2': ['PLAIN', 'RLE_DICTIONARY', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY'].map(
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
  'Parquet of every codec': (['SNAPPY', 'GZIP', 'BROTLI', ...ifZstd('ZSTD'), 'LZ4', 'LZ4_RAW'] as const).map(
    (codec) => parquetOf({ text: texts, label: labels }, { codec, compressors }),
  ),
  'Parquet of version 1': [
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

/** Changes all of a file, or what lies between its signatures and the length of its footer, which most changes would break. */
function mutatedParquet(...[random, { seeds }]: Parameters<typeof mutatedBytes>): Buffer {
  if (random.below(4) === 0) return mutatedBytes(random, { seeds, mostChanges: 2 });
  const whole = random.pick(seeds);
  const ends = whole.length - 8;
  const footer = ends - whole.readUInt32LE(ends);
  const [start, end] = random.pick([
    [4, footer],
    [footer, ends],
  ] as const);
  const changed = mutatedBytes(random, { seeds: [whole.subarray(start, end)], mostChanges: 2 });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(start === footer ? changed.length : ends - footer);
  return Buffer.concat([
    whole.subarray(0, start),
    changed,
    whole.subarray(end, ends),
    length,
    Buffer.from('PAR1'),
  ]);
}

test.each(Object.entries(parquetFiles))('any %s gives records, or is found damaged', async (name, seeds) => {
  const found = new Records();
  await fuzz({
    name,
    input: (random) => mutatedParquet(random, { seeds }),
    read: async (bytes) => {
      found.check(await collect(readRows(inMemory(bytes), 'data', columns)));
    },
    refusals: ['DATA_MALFORMED'],
    moreThan: { refused: 1_000 },
  });
  expect(found.inputs).toBeGreaterThan(500);
});

test('any file is read by its name and its content, and is closed', async () => {
  const folder = memoryFolder();
  const [parquet = Buffer.alloc(0)] = parquetFiles['Parquet of version 2'];
  const files: Readonly<Record<string, readonly Buffer[]>> = {
    'data.tsv': [tsv],
    'data.csv': [csv, gzipSync(csv)],
    'data.jsonl': [jsonl, ...ifZstd(storedZstd(jsonl))],
    'data.json': [jsonArray, jsonl],
    'data.parquet': [parquet],
    'data.tsv.gz': [gzipSync(tsv)],
    ...(hasZstd && { 'data.csv.zst': [storedZstd(csv)] }),
  };
  const seeds = Object.values(files).flat();
  const found = new Records();
  await fuzz({
    name: 'files',
    // The readers and decompressors have had theirs: here it is about which one a file is given to.
    inputs: inputCount / 5,
    input: (random) => {
      const file = random.pick(Object.keys(files));
      // Now and then a file has the form of another.
      return {
        file,
        bytes: mutatedBytes(random, { seeds: random.below(8) === 0 ? seeds : (files[file] ?? []) }),
      };
    },
    read: async ({ file, bytes }) => {
      const path = join(folder, file);
      writeFileSync(path, bytes);
      found.check(await collect(readRecords(path)));
    },
    refusals: ['DATA_MALFORMED'],
    moreThan: { refused: 500 },
  });
  expect(found.inputs).toBeGreaterThan(500);
});
