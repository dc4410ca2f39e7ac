import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readModel } from '../../src/inference/model-file.js';
import { load } from '../../src/inference/inference.js';
import type { EvaluationResult } from '../../src/training/evaluate.js';
import type { TrainResult } from '../../src/training/run.js';
import { expectError, temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());
const options = [
  ...[
    '--dataset',
    'babi-sim-6',
    '--limit',
    '600',
    '--preset',
    'paper',
    '--size',
    'small',
    '--batch-size',
    '8',
  ],
  ...['--epochs', '2', '--threads', '1'],
];
const squared = [...options, '--loss', 'squared'];
let run: TrainResult;

beforeAll(async () => {
  run = await place.json<TrainResult>('train', ...squared, '--out', 'squared');
});

it('says which loss its numbers are, and compares itself by it', async () => {
  const record = await place.record('squared');
  expect(record.recipe.loss).toBe('squared');
  // Two classes that are as frequent: what is reached without learning is a quarter.
  const { withoutLearning, baseline } = record.result ?? {};
  expect(withoutLearning?.priorLoss).toBeCloseTo(0.25, 2);
  expect(withoutLearning?.untrainedLoss).toBeCloseTo(0.25, 1);
  expect(run.best.validLoss).toBeLessThan(0.3);
  expect(baseline?.valid.loss).toBeLessThan(0.3);
  expect(baseline?.test?.loss).toBeLessThan(0.3);
  expect(await place.text('squared', 'test-losses.csv')).toMatch(
    /^id,textHash,label,prediction,squaredLoss\n/u,
  );
});

it('evaluates the run and its export by the squared loss', async () => {
  expect(await place.json<EvaluationResult>('evaluate', 'squared')).toMatchObject({ ...run.test });
  const exported = await place.json<EvaluationResult>('evaluate', run.model, '--dataset', 'babi-sim-6');
  expect(exported.loss).toBeCloseTo(run.test?.loss ?? 0, 6);
  expect(exported.accuracy).toBe(run.test?.accuracy);
});

it('exports normalised sigmoids, which the run predicts too', async () => {
  expect(run.onnxParity?.n).toBe(256);
  expect(run.onnxParity?.maxAbsDiff).toBeLessThan(1e-5);
  const path = join(place.folder, run.model);
  expect((await readModel(path)).metadata.training).toMatchObject({ loss: 'squared' });
  const model = await load(path);
  const text = 'is John in the kitchen';
  const [[classified], [logits]] = [await model.classify([text]), await model.logits([text])];
  await model.dispose();
  const sigmoids = Array.from(logits ?? [], (logit) => 1 / (1 + Math.exp(-logit)));
  const total = sigmoids.reduce((sum, one) => sum + one, 0);
  const probabilities = Object.values(classified?.probabilities ?? {});
  expect(probabilities.length).toBe(2);
  probabilities.forEach((probability, c) => {
    expect(probability).toBeCloseTo((sigmoids[c] ?? NaN) / total, 6);
  });
  const predicted = await place.run('predict', 'squared', text);
  expect(predicted.stdout).toMatch(new RegExp(`^${String(classified?.label)}\\t`, 'u'));
  expect(Number(predicted.stdout.split('\t')[1])).toBeCloseTo(classified?.probability ?? 0, 5);
});

it('goes on after kill -9 to the bytes of one run', async () => {
  const command = place.start('train', ...squared, '--out', 'killed');
  await command.stopped('SIGKILL', 'epoch 1/2 | train loss');
  await place.json('train', '--resume', 'killed', '--threads', '2');
  expect(await place.text('killed', 'test-losses.csv')).toBe(await place.text('squared', 'test-losses.csv'));
  expect((await place.record('killed')).result?.best).toEqual(run.best);
});

it('is not compared with a run of another loss, and not trained beside n-grams', async () => {
  await place.json('train', ...options, '--epochs', '1', '--out', 'nats');
  expectError(
    await place.run('compare', 'squared', 'nats', '--json'),
    1,
    'DATA_MALFORMED',
    /^expected losses of one kind, got the squared loss of squared and the cross-entropy loss of nats$/u,
    /--loss/u,
  );
  expect(await place.json('compare', 'squared', 'killed')).toMatchObject({ better: 'neither' });
  const best = await place.run(
    'train',
    '--dataset',
    'dsl',
    '--loss',
    'squared',
    '--ngrams',
    'word:1',
    '--json',
  );
  expectError(best, 2, 'USAGE', /^--loss squared cannot be combined with --ngrams: /u);
});
