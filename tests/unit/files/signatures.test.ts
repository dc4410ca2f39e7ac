import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readLines } from '../../../src/files/lines.js';
import { readRecords } from '../../../src/files/read.js';
import { tarOf, zipOf } from '../corpora/fetch/archives.js';
import { parquetOf } from './parquet-files.js';
import { advError, collect, expectMalformed, fileWith } from '../support.js';
import { ifZstd, storedZstd } from './compression/zstd-files.js';

const lines = 'a good film\tpos\na bad one\tneg\n';
const rest = Buffer.from(lines.repeat(20));
const startingWith = (...start: readonly (string | number)[]): Buffer =>
  Buffer.concat([
    ...start.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.of(part))),
    rest,
  ]);
const utf16 = Buffer.from(lines, 'utf16le');

/** A sheet as a zip that stores, and does not compress, its first member. */
const openDocument = (): Buffer => {
  const zip = zipOf({ path: 'mimetype', content: '' });
  return Buffer.concat([
    zip.subarray(0, 30),
    Buffer.from('mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK'),
    zip.subarray(30),
  ]);
};

const kinds: readonly (readonly [Buffer, RegExp, RegExp])[] = [
  [startingWith('BZh9', '1AY&SY'), /got bzip2 data$/, /bunzip2 < \S+ > NEW$/],
  [startingWith('BZh1', '\x17rE8P\x90'), /got bzip2 data$/, /bunzip2 </],
  [startingWith(0xfd, '7zXZ', 0), /got xz data$/, /xz -dc < \S+ > NEW$/],
  [startingWith('LZIP', 1), /got lzip data$/, /lzip -dc </],
  [startingWith(4, 0x22, 0x4d, 0x18), /got lz4 data$/, /lz4 -dc </],
  [startingWith(0x1f, 0x9d), /got data of compress$/, /gunzip </],
  [zipOf({ path: 'data.csv', content: lines }), /got a zip archive$/, /unzip \S+$/],
  [zipOf(), /got a zip archive$/, /unzip/],
  ...['[Content_Types].xml', '_rels/.rels', 'docProps/app.xml', 'xl/workbook.xml'].map(
    (path) =>
      [
        zipOf({ path, content: '<x/>' }),
        /got an Excel workbook, or another Office/,
        /"CSV UTF-8".*libreoffice/,
      ] as const,
  ),
  [openDocument(), /got an OpenDocument spreadsheet$/, /libreoffice/],
  [
    startingWith(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1),
    /got an old Excel workbook/,
    /libreoffice --headless --convert-to csv --outdir NEW \S+$/,
  ],
  [startingWith('7z', 0xbc, 0xaf, 0x27, 0x1c), /got a 7z archive$/, /7z x/],
  [startingWith('Rar!', 0x1a, 7), /got a rar archive$/, /unrar x/],
  [tarOf({ path: 'data.csv', content: lines }), /got a tar archive$/, /tar -xkf \S+$/],
  [startingWith('ARROW1', 0, 0), /got an Arrow file$/, /Parquet, CSV or JSON lines/],
  [startingWith('SQLite format 3', 0), /got an SQLite database$/, /sqlite3/],
  [startingWith('%PDF-1.7\n'), /got a PDF document$/, /as lines/],
  [utf16, /got UTF-16 \(every second byte is 0\)$/, /iconv -f UTF-16LE -t UTF-8 \S+ > NEW$/],
  [Buffer.from(utf16).swap16(), /got UTF-16 \(every second byte is 0\)$/, /iconv -f UTF-16BE/],
  [startingWith(0xff, 0xfe), /got UTF-16 \(it begins with the bytes FF FE\)$/, /iconv -f UTF-16 /],
  [startingWith(0xfe, 0xff), /got UTF-16 \(it begins with the bytes FE FF\)$/, /iconv -f UTF-16 /],
  [startingWith(0xff, 0xfe, 0, 0), /got UTF-32/, /iconv -f UTF-32 /],
];

const readers = [
  ['records', (file: string) => collect(readRecords(file))],
  ['lines', (file: string) => collect(readLines(file))],
] as const;

describe.each(readers)('what is no text is named where %s are read', (_what, read) => {
  test.each(kinds)('%#', async (content, message, hint) => {
    for (const name of ['data.tsv', 'data.csv', 'data', 'data.json']) {
      const reading = read(await fileWith(content, name));
      await expectMalformed(reading, new RegExp(`expected (text|UTF-8), ${message.source}`), hint);
    }
  });

  test.each(kinds)('%#, compressed', async (content, message, hint) => {
    for (const [name, packed, tool] of [
      ['data.tsv.gz', gzipSync(content), 'gunzip'],
      ...ifZstd(['data.csv.zst', storedZstd(content), 'zstd -dc']),
    ] as const) {
      // tar takes the compression off itself.
      const advice = hint.source.includes('tar')
        ? hint.source
        : `${tool} < \\S+ > NEW\nThen, of NEW: .*${hint.source.replace(/NEW\b/, 'NEWER')}`;
      await expectMalformed(
        read(await fileWith(packed, name)),
        new RegExp(`expected (text|UTF-8) inside (gzip|zstd), ${message.source}`),
        new RegExp(advice, 's'),
      );
    }
  });

  test('compressed twice', async () => {
    await expectMalformed(
      read(await fileWith(gzipSync(gzipSync(lines)), 'data.tsv.gz')),
      /expected text inside gzip, got gzip data$/,
      /of NEW: .*gunzip < NEW > NEWER$/s,
    );
    const failure = read(await fileWith(gzipSync(storedZstd(rest)), 'data.tsv.gz'));
    await expectMalformed(failure, /expected text inside gzip, got zstd data$/, /zstd -dc < NEW > NEWER$/);
  });

  test('lines that end with CR alone', async () => {
    const content = lines.replaceAll('\n', '\r');
    for (const [name, bytes] of [
      ['data.tsv', Buffer.from(content)],
      ['data.csv', Buffer.from(content.replaceAll('\t', ','))],
      ['data.jsonl', Buffer.from('{"text": "a", "label": "b"}\r{"text": "c", "label": "d"}\r')],
      ['data.tsv.gz', gzipSync(content)],
      ['data.tsv', Buffer.from(`${content}${content.slice(0, -1)}\n`)],
      ['data.tsv', Buffer.from(`${content}${content}\n`)],
    ] as const) {
      await expectMalformed(
        read(await fileWith(bytes, name)),
        /expected lines that end with LF or CRLF, got CR alone at byte \d+/,
        /tr '\\r' '\\n' < \S+ > NEW$/,
      );
    }
  });
});

test('a name that promises a compression is told what there is in its place', async () => {
  const reading = collect(readLines(await fileWith(startingWith('BZh9', '1AY&SY'), 'data.tsv.gz')));
  await expectMalformed(reading, /expected gzip data because of its name, got bzip2 data$/);
});

test('texts that begin like other files are texts', async () => {
  const starts = [
    ...['PK', 'BZh is a name', 'PAR1\tlabel', 'PAR1', 'Rar! a book', '7z', '%PDF', 'LZIP'],
    ...['\x1f', 'a\0b\0cd'],
  ];
  for (const start of starts) {
    const [line] = await collect(readLines(await fileWith(`${start}\n${lines}`)));
    expect(line).toMatchObject({ number: 1 });
  }
  for (const line of ['one line', 'one line\r', 'one line\n', 'one line\r\n', 'one\rline\n', 'one\rline\r\n'])
    expect(await collect(readLines(await fileWith(line)))).toHaveLength(1);
  const withCr = `a\rb\tpos\n${lines}`;
  expect(await collect(readRecords(await fileWith(withCr)))).toHaveLength(3);
});

test('a Parquet file is named where lines are read, and where it is compressed as a whole', async () => {
  const table = parquetOf({ text: ['a', 'b'], label: ['x', 'y'] });
  const refused = advError('DATA_MALFORMED', /got Parquet$/, /lies on a disk/);
  await expect(collect(readLines(await fileWith(table)))).rejects.toEqual(refused);
  await expect(collect(readRecords(await fileWith(gzipSync(table), 'data.tsv.gz')))).rejects.toEqual(refused);
});

describe('a page in place of labelled texts', () => {
  test.each([
    ['<!DOCTYPE html>\n<html lang="en">', /got an HTML page$/, /download the file itself/],
    ['\ufeff  <html>\n', /got an HTML page$/, /download/],
    ['<?xml version="1.0"?>\n', /got an XML document$/, /CSV or JSON lines/],
    ['{\\rtf1\\ansi\n', /got a document of a word processor/, /plain text/],
  ])('is named: %j', async (start, message, hint) => {
    for (const name of ['data.tsv', 'data.csv', 'data.jsonl', 'data.json']) {
      await expectMalformed(collect(readRecords(await fileWith(`${start}${lines}`, name))), message, hint);
    }
  });

  test('is a text where a label follows, and where texts are read alone', async () => {
    expect(await collect(readRecords(await fileWith('<html>buy</html>\tspam\n')))).toHaveLength(1);
    expect(await collect(readLines(await fileWith('<html>buy</html>\n')))).toHaveLength(1);
  });
});
