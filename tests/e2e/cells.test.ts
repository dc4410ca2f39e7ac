import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readModel } from '../../src/inference/model-file.js';
import type { EvaluationResult } from '../../src/training/evaluate.js';
import type { TrainResult } from '../../src/training/run.js';
import { expectError, temporaryFolder, Workplace, type Outcome } from './support.js';

const place = new Workplace(await temporaryFolder());
const small = ['--dataset', 'babi-sim-6', '--preset', 'paper', '--size', 'small', '--threads', '1'];
const data = [...small, '--limit', '300'];
const others = ['gru-cho', 'lstm'] as const;

const shapes = [
  ['gru-cho', []],
  ['lstm', []],
  ['gru', ['--layers', '2', '--pooling', 'attention,max', '--ema', '0.9']],
] as const;

it.each(shapes)('trains, tests, exports, evaluates and predicts with --cell %s %j', async (cell, more) => {
  const run = await place.json<TrainResult>('train', ...data, '--epochs', '1', '--cell', cell, ...more);
  expect(run.onnxParity?.n).toBe(256);
  expect(run.onnxParity?.maxAbsDiff).toBeLessThan(1e-5);
  expect((await place.record(run.run)).recipe.cell).toBe(cell);
  const { metadata } = await readModel(join(place.folder, run.model));
  expect(metadata.training).toMatchObject({ cell });

  const again = await place.json<EvaluationResult>('evaluate', run.run);
  expect(again).toMatchObject({ ...run.test });
  const exported = await place.json<EvaluationResult>('evaluate', run.model, '--dataset', 'babi-sim-6');
  expect(exported.loss).toBeCloseTo(run.test?.loss ?? 0, 5);
  expect(exported.accuracy).toBe(run.test?.accuracy);
  const [fromRun, fromModel] = [
    await place.run('predict', run.run, 'is John in the kitchen'),
    await place.run('predict', run.model, 'is John in the kitchen'),
  ];
  expect(fromRun.stdout).toMatch(/^(yes|no)\t[01]\.\d{6}\t/);
  expect(fromModel.stdout.split('\t')[0]).toBe(fromRun.stdout.split('\t')[0]);
});

it.each(others)('goes on after kill -9 to the bytes of one run, with more threads (%s)', async (cell) => {
  const options = [...small, '--limit', '600', '--batch-size', '8', '--epochs', '2', '--cell', cell];
  const whole = await place.json<TrainResult>('train', ...options);
  const killed = `killed-${cell}`;
  const command = place.start('train', ...options, '--out', killed);
  await command.stopped('SIGKILL', 'epoch 1/2 | train loss');
  expect((await place.record(killed)).status).toBe('running');
  await place.json('train', '--resume', killed, '--threads', '2');
  expect(await place.text(killed, 'test-losses.csv')).toBe(await place.text(whole.run, 'test-losses.csv'));
  expect((await place.record(killed)).result?.best).toEqual(whole.best);
});

it('gives other numbers for another cell', async () => {
  const losses = [];
  for (const cell of ['gru', ...others]) {
    const run = await place.json<TrainResult>('train', ...data, '--epochs', '1', '--cell', cell);
    losses.push(run.test?.loss);
  }
  expect(new Set(losses).size).toBe(3);
});

it('refuses to resume with another cell, in the command and in run.json', async () => {
  const options = [...data, '--epochs', '50', '--patience', '50', '--cell', 'lstm', '--out', 'stopped'];
  const command = place.start('train', ...options);
  expect((await command.stopped('SIGINT', 'epoch 1/50 | train loss')).code).toBe(130);

  const told = await place.run('train', '--resume', 'stopped', '--cell', 'gru', '--json');
  expectError(told, 2, 'USAGE', /^--cell cannot be combined with --resume/);

  const record = await place.record('stopped');
  const resumed = async (cell: string): Promise<Outcome> => {
    const edited = JSON.stringify({ ...record, recipe: { ...record.recipe, cell } });
    await place.write('stopped/run.json', edited);
    const outcome = await place.run('train', '--resume', 'stopped', '--json');
    expect(await place.text('stopped', 'run.json')).toBe(edited);
    return outcome;
  };
  const other = /another cell: expected gru, got lstm$/;
  expectError(await resumed('gru'), 1, 'CHECKPOINT', other, /run\.json and checkpoint\//);
  const unknown = /recipe\.cell "rnn", expected one of gru, gru-cho, lstm$/;
  expectError(await resumed('rnn'), 1, 'RUN_DIRECTORY', unknown);
});
