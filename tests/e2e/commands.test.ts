import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { PairedTTest } from '../../src/index.js';
import type { EvaluationResult } from '../../src/training/evaluate.js';
import type { ExportResult } from '../../src/training/export.js';
import type { TrainResult } from '../../src/training/run.js';
import { datasetOf, expectError, jsonLines, temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());
const options = '--dataset babi-sim-6 --limit 300 --preset paper --size small --epochs 2 --threads 1'.split(
  ' ',
);
let a: TrainResult;
let b: TrainResult;

beforeAll(async () => {
  a = await place.json('train', ...options);
  b = await place.json('train', ...options, '--regime', 'vanilla');
});

it('evaluates a run on its own test data exactly as the run did', async () => {
  const result = await place.json<EvaluationResult>('evaluate', a.run, '--losses', 'again.csv');
  expect(result).toMatchObject({ model: a.run, data: 'babi-sim-6', ...a.test });
  expect(await place.text('again.csv')).toBe(await place.text(a.run, 'test-losses.csv'));
  expect(result.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(a.test?.n);
});

it('evaluates the exported model to the same numbers, but for rounding', async () => {
  const result = await place.json<EvaluationResult>('evaluate', a.model, '--dataset', 'babi-sim-6');
  expect(result.loss).toBeCloseTo(a.test?.loss ?? 0, 5);
  expect(result.accuracy).toBe(a.test?.accuracy);
});

it('evaluates on a labelled file', async () => {
  await place.write('own.tsv', 'is John in the kitchen\tyes\nis Mary here\tno\n');
  for (const model of [a.run, a.model]) {
    expect(await place.json('evaluate', model, '--test', 'own.tsv')).toMatchObject({ n: 2, data: 'own.tsv' });
  }
  await place.write('other.tsv', 'is John in the kitchen\tmaybe\n');
  const wrong = await place.run('evaluate', a.run, '--test', 'other.tsv');
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toMatch(/other\.tsv:1: .*maybe/);
});

it('compares two runs, and files of losses', async () => {
  const test = await place.json<PairedTTest>('compare', a.run, b.run);
  expect(Object.keys(test)).toEqual([
    'n',
    'meanDifference',
    't',
    'df',
    'p',
    'ci95',
    'cohensDz',
    'better',
    'mcnemar',
  ]);
  expect(test.meanDifference).toBeCloseTo((a.test?.loss ?? 0) - (b.test?.loss ?? 0), 12);
  expect(await place.json('compare', join(a.run, 'test-losses.csv'), b.run)).toEqual(test);
  expect((await place.run('compare', a.run, b.run)).stdout).toMatch(/t\(999\) = /);
});

it('exports a run again to the same bytes', async () => {
  const result = await place.json<ExportResult>('export', a.run, '--out', 'copy.onnx');
  expect(result.onnxParity?.maxAbsDiff).toBeLessThan(1e-5);
  const [first, second] = [join(place.folder, a.model), join(place.folder, 'copy.onnx')];
  expect((await readFile(first)).equals(await readFile(second))).toBe(true);
});

it('predicts from arguments, a file and standard input, with run and model alike', async () => {
  const texts = ['is John in the kitchen', 'tab\there', 'unseen wörds ✓', ''];
  const lines = `${texts[0] ?? ''}\n${texts[2] ?? ''}\n\n`;
  await place.write('texts.txt', lines);
  const labels: string[] = [];
  for (const model of [a.run, a.model]) {
    const fromArguments = await place.run('predict', model, ...texts);
    expect(fromArguments).toMatchObject({ code: 0, stderr: '' });
    const rows = fromArguments.stdout.slice(0, -1).split('\n');
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatch(/^(yes|no)\t(0\.\d{6}|1\.000000)\tis John in the kitchen$/);
    expect(rows[1]).toMatch(/\ttab\\there$/);
    labels.push(rows.map((row) => row.split('\t')[0]).join());

    const fromInput = await place.pipe(lines, 'predict', model);
    expect(fromInput.stdout).toBe(`${rows[0] ?? ''}\n${rows[2] ?? ''}\n${rows[3] ?? ''}\n`);
    expect((await place.run('predict', model, '--input', 'texts.txt')).stdout).toBe(fromInput.stdout);

    const json = await place.run('predict', model, '--json', ...texts);
    const predictions = jsonLines<Record<string, unknown>>(json.stdout);
    expect(predictions.map(({ text }) => text)).toEqual(texts);
    expect(Object.keys(predictions[0] ?? {})).toEqual(
      'text label probability probabilities truncated'.split(' '),
    );
  }
  expect(labels[0]).toBe(labels[1]);
});

it('ends quietly when the reader of its output has seen enough', async () => {
  // The code of the program itself, which a pipeline would hide.
  const pipeline = `yes 'is John here' | head -n 20000 | "$0" "$1" predict "$2" | head -n 1; exit "\${PIPESTATUS[2]}"`;
  const outcome = await place.shell(pipeline, a.run);
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  expect(outcome.stdout.split('\n')).toHaveLength(2);
});

it('goes on training when nobody reads its progress', async () => {
  const train = `"$0" "$1" train --limit 200 --preset paper --size small --epochs 1 --out unread`;
  const pipeline = `{ ${train} 2>&1 >result.txt; echo "$?" >code.txt; } | head -n 1`;
  await place.shell(pipeline);
  expect((await place.text('.', 'code.txt')).trim()).toBe('0');
  expect((await place.record('unread')).status).toBe('done');
});

it('lists datasets and tells about the machine', async () => {
  const { datasets } = await place.json<{ datasets: { name: string }[] }>('datasets', 'list');
  expect(datasets.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['dsl', 'babi-sim-1', 'babi-sim-6']),
  );
  expect((await place.run('datasets', 'list')).stdout).toMatch(/babi-sim-2 +6 +built in/);
  expect(await place.json('info')).toMatchObject({
    node: process.versions.node,
    devices: ['cpu'],
    cells: ['gru', 'gru-cho', 'lstm'],
  });
  expect((await place.run('info')).stdout).toMatch(/^instructionSet +\w+$/m);
});

it('ends with an error when a stream of data never goes on', async () => {
  const oneExample = `yield { id: '1', text: 'one', label: 'a' };`;
  await place.write('stuck.mjs', datasetOf(`${oneExample} await new Promise(() => {});`));
  const outcome = await place.run('train', '--dataset', './stuck.mjs', '--json', '--quiet');
  expectError(outcome, 1, 'UNEXPECTED', /waits for something that never happens/);
});
