import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { hasZstd } from '../../src/files/compression/zstd.js';
import type { EvaluationResult } from '../../src/training/evaluate.js';
import type { TrainResult } from '../../src/training/run.js';
import { parquetFile } from '../unit/files/parquet-files.js';
import { storedZstd } from '../unit/files/compression/zstd-files.js';
import { temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());

/** Reviews that one word tells apart. */
const rows = Array.from({ length: 240 }, (_, row) => ({
  review: `a ${row % 2 === 0 ? 'good' : 'bad'} film, and number ${row % 40} "in ${row % 7}"`,
  stars: row % 2 === 0 ? 5 : 1,
}));
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const jsonl = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

const forms: Record<string, Buffer> = {
  'data.tsv': Buffer.from(rows.map(({ review, stars }) => `${review}\t${stars}\n`).join('')),
  'data.csv.gz': gzipSync(
    ['stars,review', ...rows.map(({ review, stars }) => `${stars},${quoted(review)}`)].join('\r\n'),
  ),
  ...(hasZstd ? { 'data.jsonl.zst': storedZstd(jsonl) } : { 'data.jsonl': jsonl }),
  'data.parquet': parquetFile({
    columnData: [
      { name: 'review', data: rows.map(({ review }) => review), type: 'STRING' },
      { name: 'stars', data: rows.map(({ stars }) => stars), type: 'INT32' },
    ],
  }),
};

/** The losses of test-losses.csv, without the ids, which number lines or rows. */
async function lossesOf(run: string): Promise<string[]> {
  const [, ...lines] = (await place.text(run, 'test-losses.csv')).trimEnd().split('\n');
  return lines.map((line) => line.slice(line.indexOf(',')));
}

it('trains to the same bits on the same examples, in whatever form', async () => {
  const losses: string[][] = [];
  for (const [name, content] of Object.entries(forms)) {
    await place.write(name, content);
    const columns = name === 'data.tsv' ? [] : ['--text-column', 'review', '--label-column', 'stars'];
    const how = [
      '--preset',
      'paper',
      '--size',
      'small',
      '--epochs',
      '1',
      '--threads',
      '1',
      '--out',
      `run-${name}`,
    ];
    const data = ['--train', name, '--test', name, ...columns];
    const result = await place.json<TrainResult>('train', ...data, ...how);
    expect(result).toMatchObject({
      dataset: { labels: ['1', '5'], examples: { train: 216, valid: 24, test: 240 } },
    });
    losses.push(await lossesOf(result.run));
    expect((await place.record(result.run)).recipe.data).toEqual({
      ...{ train: join(place.folder, name), valid: null, test: join(place.folder, name) },
      ...(name === 'data.tsv'
        ? { format: null, textColumn: null, labelColumn: null, header: false }
        : { format: null, textColumn: 'review', labelColumn: 'stars', header: true }),
      delimiter: null,
    });
  }
  expect(losses[0]).toHaveLength(240);
  for (const other of losses.slice(1)) expect(other).toEqual(losses[0]);
});

it('evaluates on a file of a named form, and a run on its own data again', async () => {
  await place.write('export', '{"review": "a good film", "stars": 5}\n');
  const named = ['--format', 'jsonl', '--text-column', 'review', '--label-column', 'stars'];
  const one = await place.json<EvaluationResult>('evaluate', 'run-data.tsv', '--test', 'export', ...named);
  expect(one.n).toBe(1);
  const own = await place.json<EvaluationResult>('evaluate', 'run-data.csv.gz');
  expect(own).toMatchObject({ n: 240, loss: (await place.record('run-data.csv.gz')).result?.test?.loss });
  const wrong = await place.run('evaluate', 'run-data.tsv', '--format', 'csv');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/expected --test FILE with --format, got none/);
});

it('predicts from a compressed file', async () => {
  await place.write('texts.txt.gz', gzipSync('a good film\na bad film\n'));
  const { code, stdout } = await place.run('predict', 'run-data.tsv', '--input', 'texts.txt.gz');
  expect(code).toBe(0);
  const texts = stdout.split('\n').map((line) => line.split('\t')[2]);
  expect(texts).toEqual(['a good film', 'a bad film', undefined]);
});
