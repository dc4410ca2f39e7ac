import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readModel } from '../../src/inference/model-file.js';
import type { EvaluationResult } from '../../src/training/evaluate.js';
import type { TrainResult } from '../../src/training/run.js';
import { expectError, temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());
const options =
  '--dataset babi-sim-1 --limit 600 --preset paper --size small --epochs 2 --batch-size 8 --threads 1 --ngrams char:1-4,word:1-3'.split(
    ' ',
  );
let whole: TrainResult;

beforeAll(async () => {
  whole = await place.json('train', ...options, '--out', 'whole');
});

it('adds n-grams to the network: in the result, the run and the exported model', async () => {
  expect(whole.onnxParity?.n).toBe(256);
  expect(whole.onnxParity?.maxAbsDiff).toBeLessThan(1e-5);
  const { recipe, result } = await place.record('whole');
  expect(recipe.ngrams).toEqual(['char:1-4', 'word:1-3']);
  // Network and n-grams are weighed for the least validation loss: neither alone has a smaller one.
  expect(result?.ngrams?.valid.loss).toBeLessThanOrEqual(result?.best.validLoss ?? 0);
  expect(result?.ngrams?.valid.loss).toBeLessThanOrEqual(result?.baseline?.valid.loss ?? 0);
  const { metadata } = await readModel(join(place.folder, whole.model));
  expect(metadata.training).toMatchObject({ ngrams: 'char:1-4,word:1-3' });
  expect(metadata.ngrams?.kinds).toEqual(['char:1-4', 'word:1-3']);
});

it('evaluates and predicts the same from the run and from the exported model', async () => {
  expect(await place.json<EvaluationResult>('evaluate', whole.run)).toMatchObject({ ...whole.test });
  const exported = await place.json<EvaluationResult>('evaluate', whole.model, '--dataset', 'babi-sim-1');
  expect(exported.loss).toBeCloseTo(whole.test?.loss ?? 0, 5);
  expect(exported.accuracy).toBe(whole.test?.accuracy);
  const text = 'John went to the kitchen . where is John';
  const [fromRun, fromModel] = [
    await place.run('predict', whole.run, text),
    await place.run('predict', whole.model, text),
  ];
  expect(fromRun.code).toBe(0);
  expect(fromModel.stdout.split('\t')[0]).toBe(fromRun.stdout.split('\t')[0]);
  const again = await place.json<{ onnxParity: { maxAbsDiff: number } }>(
    ...['export', whole.run, '--out', 'again.onnx'],
  );
  expect(again.onnxParity.maxAbsDiff).toBeLessThan(1e-5);
});

it('gives the same bytes with two threads, and where a killed run goes on', async () => {
  const command = place.start('train', ...options, '--out', 'killed');
  await command.stopped('SIGKILL', 'epoch 1/2 | train loss');
  await place.json('train', '--resume', 'killed', '--threads', '2');
  const losses = (run: string): Promise<string> => place.text(run, 'test-losses.csv');
  expect(await losses('killed')).toBe(await losses('whole'));
  expect((await place.record('killed')).result?.ngrams).toEqual((await place.record('whole')).result?.ngrams);
});

it('says what is wrong with a list of n-grams', async () => {
  for (const wrong of ['char', 'char:0-2', 'char:3-2', 'char:1-10', 'char:1-2,char:3', 'byte:1-2', '']) {
    const outcome = await place.run('train', '--ngrams', wrong, '--json');
    expectError(outcome, 2, 'USAGE', /--ngrams: expected a list of n-grams such as 'char:1-5' or 'word:1-2'/);
  }
});

it('says that the n-grams of a run are gone', async () => {
  await place.json('train', ...options, '--epochs', '1', '--out', 'bare');
  await rm(join(place.folder, 'bare', 'checkpoint', 'ngrams.safetensors'));
  const outcome = await place.run('evaluate', 'bare', '--json');
  expectError(outcome, 1, 'CHECKPOINT', /ngrams\.safetensors cannot be read|cannot be read/);
});

it('makes a whole run of n-grams that no two texts share', async () => {
  const texts = ['a b c\tx', 'd e f\ty', 'g h i\tx', 'j k l\ty', 'm n o\tx', 'p q r\ty'];
  await place.write('few.tsv', `${texts.join('\n')}\n`);
  const data = ['train', 'valid', 'test'].flatMap((split) => [`--${split}`, 'few.tsv']);
  const size = '--preset paper --size small --epochs 1 --ngrams word:8-9 --out few'.split(' ');
  const run = await place.json<TrainResult>('train', ...data, ...size);
  expect(run.ngrams?.features).toBe(0);
  expect(run.onnxParity?.maxAbsDiff).toBeLessThan(1e-5);
  expect(await place.json<EvaluationResult>('evaluate', 'few')).toMatchObject({ ...run.test });
});
