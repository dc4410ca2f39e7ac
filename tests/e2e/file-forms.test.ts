import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { EvaluationResult } from '../../src/training/evaluate.js';
import type { TrainResult } from '../../src/training/run.js';
import { zipOf } from '../unit/corpora/fetch/archives.js';
import { parquetOf } from '../unit/files/parquet-files.js';
import { matching } from '../unit/support.js';
import { expectError, temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());
const quick = '--preset paper --size small --epochs 1 --threads 1'.split(' ');

const rows = Array.from({ length: 60 }, (_, n) => ({
  text: `the ${n % 2 ? 'good' : 'bad'} film was number ${n} of them`,
  label: n % 2 ? 'pos' : 'neg',
}));
const separated = (delimiter: string, header: boolean): string =>
  [...(header ? [{ text: 'text', label: 'label' }] : []), ...rows]
    .map(({ text, label }) => `${text}${delimiter}${label}\n`)
    .join('');
const texts = rows.map(({ text }) => text);
const labels = rows.map(({ label }) => label);
const table = parquetOf({ text: texts, label: labels });

/** A file that is read, with the options it needs and a note of what was left out. */
interface Readable {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly options?: readonly string[];
  readonly note?: RegExp;
}

const read: readonly Readable[] = [
  { name: 'table.pq', content: table },
  { name: 'table-named.csv', content: table },
  { name: 'lines-named.json', content: rows.map((row) => JSON.stringify(row)).join('\n') },
  { name: 'array.json', content: JSON.stringify(rows, null, 1) },
  { name: 'array-named.txt', content: JSON.stringify(rows) },
  {
    name: 'empty-rows.csv',
    content: `${separated(',', true).replaceAll('\n', ',,\r\n')},,,\r\n,,,\r\n,,,\r\n`,
    note: /empty-rows\.csv: 3 wholly empty rows were left out, the first on line 62/,
  },
  { name: 'excel.csv', content: `\ufeff${separated(';', true)}`, options: ['--delimiter', ';'] },
  { name: 'tabs.csv', content: separated('\t', true), options: ['--delimiter', String.raw`\t`] },
  { name: 'header.tsv', content: separated('\t', true), options: ['--header'] },
];

it.each(read)('$name is read by train, describe and audit', async ({ name, content, options = [], note }) => {
  await place.write(name, content);
  const run = `run-${name}`;
  const trained = await place.run('train', ...quick, '--train', name, ...options, '--out', run, '--json');
  expect(trained).toMatchObject({ code: 0 });
  const result = JSON.parse(trained.stdout) as TrainResult;
  expect(result.dataset).toMatchObject({ labels: ['neg', 'pos'], examples: { train: 54, valid: 6 } });
  const described = await place.run('datasets', 'describe', '--train', name, ...options);
  const audited = await place.run('datasets', 'audit', '--train', name, ...options);
  expect(audited).toMatchObject({ code: 0, stdout: matching(/54 train, 6 valid/) });
  for (const said of [trained.stderr, described.stdout, audited.stdout]) expect(said).toMatch(note ?? /./);
});

/** Files that are refused, and what is said about them. */
const refused: readonly (readonly [string, string | Uint8Array, said: RegExp, hint: RegExp])[] = [
  [
    'header.tsv',
    separated('\t', true),
    /looks like a header: 'text' and 'label'/,
    /--text-column text --label-column label, or give --no-header/,
  ],
  [
    'data.csv.bz2',
    Buffer.from('BZh91AY&SY and so on', 'latin1'),
    /got bzip2 data/,
    /bunzip2 < \S*data\.csv\.bz2 > NEW/,
  ],
  ['data.xz', Buffer.from('\xfd7zXZ\0 and so on', 'latin1'), /got xz data/, /xz -dc </],
  ['data.zip', zipOf({ path: 'data.csv', content: separated(',', true) }), /got a zip archive/, /unzip/],
  ['book.xlsx', zipOf({ path: '[Content_Types].xml' }), /got an Excel workbook/, /CSV UTF-8/],
  ['utf16.csv', Buffer.from(`\ufeff${separated(',', true)}`, 'utf16le'), /got UTF-16/, /iconv -f UTF-16/],
  ['header-only.csv', 'text,label\n', /got a header and no record/, /first record names the columns/],
  ['empty.parquet', parquetOf({ text: [], label: [] }), /got a table without rows/, /Each row/],
  ['empty.json', '[]', /got an array without objects/, /array of objects/],
  ['mac.tsv', separated('\t', false).replaceAll('\n', '\r'), /got CR alone/, /tr '\\r' '\\n' </],
  ['excel.csv', `\ufeff${separated(';', true)}`, /its columns are: text;label/, /--delimiter ';'/],
];

it.each(refused)(
  '%s is refused by train, describe, audit and evaluate',
  async (name, content, message, hint) => {
    await place.write(name, content);
    for (const command of [
      ['train', ...quick, '--train', name],
      ['datasets', 'describe', '--train', name],
      ['datasets', 'audit', '--train', name],
      ['evaluate', 'run-table.pq', '--test', name],
    ]) {
      expectError(await place.run(...command, '--json'), 1, 'DATA_MALFORMED', message, hint);
    }
  },
);

it.each([
  [
    'large.jsonl',
    rows.map(({ text }) => `{"text": "${text}", "label": 12345678901234567890}`).join('\n'),
    /large\.jsonl:1: .* too large to be exact as a label/,
  ],
  [
    'nan.parquet',
    parquetOf({ text: texts, label: rows.map((_, n) => (n === 3 ? NaN : n % 2)) }),
    /nan\.parquet:4: NaN, which is not a number, in column 'label'/,
  ],
])('%s has labels that are said to be none, with line or row', async (name, content, message) => {
  await place.write(name, content);
  for (const command of [
    ['train', ...quick],
    ['datasets', 'describe'],
  ]) {
    const outcome = await place.run(...command, '--train', name, '--json');
    expectError(outcome, 1, 'DATA_MALFORMED', message);
  }
  // It leaves out what is malformed, and refuses a file that has nothing else.
  const audited = await place.run('datasets', 'audit', '--train', name);
  expect(audited.stdout + audited.stderr).toMatch(message);
});

it('a run remembers what its files are like, and evaluates and resumes by it', async () => {
  await place.write('words.tsv', separated('\t', true));
  const files = ['--train', 'words.tsv', '--valid', 'words.tsv', '--test', 'words.tsv'];
  const how = ['--no-header', '--out', 'no-header'];
  const { dataset } = await place.json<TrainResult>('train', ...quick, ...files, ...how);
  const examples = { train: 61, test: 61 };
  expect(dataset).toMatchObject({ labels: ['label', 'neg', 'pos'], examples });
  expect((await place.record('no-header')).recipe.data).toMatchObject({ header: false, delimiter: null });
  expect(await place.json<EvaluationResult>('evaluate', 'no-header')).toMatchObject({ n: 61 });
  const own = ['evaluate', 'no-header', '--test', 'words.tsv'];
  expect(await place.json<EvaluationResult>(...own)).toMatchObject({ n: 61 });
  expect(await place.json<EvaluationResult>(...own, '--text-column', 'text')).toMatchObject({ n: 60 });

  await place.write('bars.csv', separated('|', true));
  const bars = ['--train', 'bars.csv', '--test', 'bars.csv', '--delimiter', '|'];
  await place.json<TrainResult>('train', ...quick, ...bars, '--out', 'bars');
  expect((await place.record('bars')).recipe.data).toMatchObject({ header: false, delimiter: '|' });
  expect(await place.json<EvaluationResult>('evaluate', 'bars')).toMatchObject({ n: 60 });
});

it('options that contradict each other, or say nothing of what is read, are wrong usage', async () => {
  for (const [args, said] of [
    [
      ['train', '--train', 'words.tsv', '--no-header', '--text-column', 'text'],
      /either --no-header or --text-column/,
    ],
    [['train', '--train', 'words.tsv', '--delimiter', ';;'], /--delimiter: expected one ASCII character/],
    [['datasets', 'audit', '--train', 'words.tsv', '--delimiter', ';'], /expected CSV beside --delimiter/],
    [['train', '--no-header'], /expected --train FILE beside --no-header,/],
    [['evaluate', 'bars', '--no-header'], /expected --test FILE with --no-header,/],
    [['datasets', 'describe', 'babi-sim-1', '--no-header'], /options of own files/],
  ] as const) {
    expect(await place.run(...args)).toMatchObject({ code: 2, stderr: matching(said) });
  }
});

it('predict names what is no text, in a file', async () => {
  for (const name of ['utf16.csv', 'mac.tsv']) {
    const said = new RegExp(`^--input: expected a file with a text on each line, got ${name}, a table`, 'u');
    expectError(await place.run('predict', 'run-table.pq', '--input', name, '--json'), 2, 'USAGE', said);
    await copyFile(join(place.folder, name), join(place.folder, `${name}.txt`));
  }
  for (const [name, message] of [
    ['table.pq', /got Parquet/],
    ['data.csv.bz2', /got bzip2 data/],
    ['book.xlsx', /got an Excel workbook/],
    ['utf16.csv.txt', /got UTF-16/],
    ['mac.tsv.txt', /got CR alone/],
  ] as const) {
    const outcome = await place.run('predict', 'run-table.pq', '--input', name, '--json');
    expectError(outcome, 1, 'DATA_MALFORMED', message);
  }
});
