import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readModel } from '../../src/inference/model-file.js';
import type { EvaluationResult } from '../../src/training/evaluate.js';
import type { TrainResult } from '../../src/training/run.js';
import { Command, expectError, mainScript, temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());
const small = ['--dataset', 'babi-sim-6', '--preset', 'paper', '--size', 'small', '--threads', '1'];
const words = ['--subwords', '2-4', '--buckets', '500', '--unk-rate', '0.1'];

it('trains, tests, exports, evaluates and predicts where words have n-grams', async () => {
  const run = await place.json<TrainResult>('train', ...small, ...words, '--limit', '300', '--epochs', '1');
  expect(run.onnxParity?.n).toBe(256);
  expect(run.onnxParity?.maxAbsDiff).toBeLessThan(1e-5);
  expect((await place.record(run.run)).recipe).toMatchObject({ subwords: [2, 4], buckets: 500 });
  const { metadata } = await readModel(join(place.folder, run.model));
  expect(metadata.subwords).toEqual({ shortest: 2, longest: 4, buckets: 500 });
  expect(metadata.training).toMatchObject({ subwords: '2,4' });

  const again = await place.json<EvaluationResult>('evaluate', run.run);
  expect(again).toMatchObject({ ...run.test });
  const exported = await place.json<EvaluationResult>('evaluate', run.model, '--dataset', 'babi-sim-6');
  expect(exported.loss).toBeCloseTo(run.test?.loss ?? 0, 5);
  expect(exported.accuracy).toBe(run.test?.accuracy);
  const anew = await place.json<{ onnxParity: { maxAbsDiff: number } }>('export', run.run, '--out', 'x.onnx');
  expect(anew.onnxParity.maxAbsDiff).toBeLessThan(1e-5);

  const predicted = async (model: string, text: string): Promise<string> => {
    const { stdout } = await place.run('predict', model, text);
    expect(stdout).toMatch(/^(yes|no)\t[01]\.\d{6}\t/);
    return stdout;
  };
  const [johnny, other] = ['is Johnny in the kitchenette', 'is Zzyzx in the qwertyuiop'];
  expect(await predicted(run.run, johnny)).not.toBe(await predicted(run.run, other));
  expect((await predicted(run.model, johnny)).slice(0, 8)).toBe(
    (await predicted(run.run, johnny)).slice(0, 8),
  );
});

it.runIf(process.platform === 'linux')(
  'reads a text of long words in the memory of a short one',
  async () => {
    const options = ['--limit', '300', '--epochs', '1', '--subwords', '2-5', '--no-baseline'];
    const run = await place.json<TrainResult>('train', ...small, ...options);
    // 400 words of 1,024 letters, which have 1,640,000 n-grams.
    const words = Array.from({ length: 400 }, (_, word) =>
      `${word}`.padEnd(1024, 'abcdefghijklmnopqrstuvwxyz'),
    );
    await writeFile(join(place.folder, 'long.txt'), `${words.join(' ')}\n`);
    const predicted = async (model: string, kilobytes: number): Promise<string> => {
      const limited = ['bash', '-c', `ulimit -d ${kilobytes}; exec "$0" "$@"`, process.execPath, mainScript];
      const { stdout, stderr } = await new Command(place.folder, [
        ...limited,
        ...['predict', model, '--input', 'long.txt', '--threads', '1'],
      ]).ended;
      expect(stderr).toBe('');
      return stdout;
    };
    const [label, probability] = (await predicted(run.run, 800_000)).split('\t');
    const [sameLabel, sameProbability] = (await predicted(run.model, 500_000)).split('\t');
    expect(sameLabel).toBe(label);
    expect(Number(sameProbability)).toBeCloseTo(Number(probability), 5);
  },
);

it('goes on after kill -9 to the bytes of one run, with more threads', async () => {
  const options = [...small, ...words, '--limit', '600', '--batch-size', '8', '--epochs', '2'];
  const whole = await place.json<TrainResult>('train', ...options);
  const command = place.start('train', ...options, '--out', 'killed');
  await command.stopped('SIGKILL', 'epoch 1/2 | train loss');
  expect((await place.record('killed')).status).toBe('running');
  await place.json('train', '--resume', 'killed', '--threads', '2');
  expect(await place.text('killed', 'test-losses.csv')).toBe(await place.text(whole.run, 'test-losses.csv'));
  expect((await place.record('killed')).result?.best).toEqual(whole.best);
});

it('goes on after an interruption within an epoch to the bytes of one run, with an average', async () => {
  const options = [
    ...small,
    ...words,
    '--ema',
    '0.9',
    '--limit',
    '2000',
    '--batch-size',
    '8',
    '--epochs',
    '2',
  ];
  const whole = await place.json<TrainResult>('train', ...options);
  const command = place.start('train', ...options, '--out', 'interrupted');
  expect((await command.stopped('SIGINT', 'epoch 1/2 | train loss', 60)).code).toBe(130);
  const { epoch, nextBatch } = await place.position('interrupted');
  expect(epoch).toBe(2);
  expect(nextBatch).toBeGreaterThan(0);
  await place.json('train', '--resume', 'interrupted', '--threads', '2');
  expect((await place.record('interrupted')).result?.best).toEqual(whole.best);
  expect(await place.text('interrupted', 'test-losses.csv')).toBe(
    await place.text(whole.run, 'test-losses.csv'),
  );
});

it('refuses n-grams of characters before it trains', async () => {
  const told = await place.run('train', ...small, '--level', 'char', '--subwords', '2-4', '--json');
  expectError(told, 2, 'USAGE', /^--subwords: expected tokens that are words, got characters/);
  const wrong = await place.run('train', ...small, '--subwords', '4-2', '--json');
  expectError(
    wrong,
    2,
    'USAGE',
    /^--subwords: expected lengths from 1 to 16, the shortest and the longest, such as 2-5, or 3 for 3-3, got /,
  );
});
