import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { load } from '../../src/inference/inference.js';
import { readModel } from '../../src/inference/model-file.js';
import type { EvaluationResult } from '../../src/training/evaluate.js';
import type { TrainResult } from '../../src/training/run.js';
import { expectError, temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());
const options =
  '--dataset babi-sim-1 --limit 600 --threads 1 --ngrams char:1-6,word:1-2 --no-recurrent'.split(' ');
let whole: TrainResult;

beforeAll(async () => {
  whole = await place.json('train', ...options, '--out', 'whole');
});

it('trains n-grams alone: in the result and the run', async () => {
  expect(whole).toMatchObject({ best: { epoch: 1 }, baseline: null, throughput: { tokensPerSecond: 0 } });
  expect(whole.ngrams).toMatchObject({ networkScale: null, examples: 600 });
  expect(whole.ngrams?.valid.loss).toBe(whole.best.validLoss);
  expect(whole.test?.accuracy).toBeGreaterThan(0.3);
  expect(whole.onnxParity?.n).toBe(256);
  expect(whole.onnxParity?.maxAbsDiff).toBeLessThan(1e-5);
  const { recipe, result, vocabularySize, parameterCount } = await place.record('whole');
  expect(recipe.recurrent).toBe(false);
  expect(vocabularySize).toBe(0);
  expect(parameterCount).toBe(6 * ((whole.ngrams?.features ?? 0) + 1));
  expect(result?.withoutLearning?.untrainedLoss).toBeCloseTo(Math.log(6), 12);
  expect(result?.lossAlong).toBeNull();
  const history = (await place.text('whole', 'history.jsonl')).trim().split('\n');
  expect(history.map((line) => JSON.parse(line) as object)).toMatchObject([
    { epoch: 0, trainLoss: null, validLoss: result?.withoutLearning?.untrainedLoss, best: false },
    { epoch: 1, trainLoss: null, validLoss: whole.best.validLoss, best: true, tokensPerSecond: null },
  ]);
  expect(await readdir(join(place.folder, 'whole', 'checkpoint'))).toEqual(['ngrams.safetensors']);
});

it('exports a model that reads n-grams and nothing else', async () => {
  const { metadata } = await readModel(join(place.folder, whole.model));
  expect(Object.keys(metadata).sort()).toEqual(['labels', 'ngrams', 'training']);
  expect(Object.keys(metadata.training)).not.toContain('regime');
  expect(metadata.training).toMatchObject({ ngrams: 'char:1-6,word:1-2', bestEpoch: 1 });
  expect((await readFile(join(place.folder, whole.model))).includes('lengths')).toBe(false);
  const again = await place.json<{ onnxParity: { maxAbsDiff: number; n: number } }>(
    ...['export', whole.run, '--out', 'again.onnx'],
  );
  expect(again.onnxParity.n).toBe(256);
  expect(again.onnxParity.maxAbsDiff).toBeLessThan(1e-5);
});

it('evaluates, predicts and compares the same from the run and from the exported model', async () => {
  expect(await place.json<EvaluationResult>('evaluate', whole.run, '--losses', 'run.csv')).toMatchObject({
    ...whole.test,
  });
  expect(await place.text('run.csv')).toBe(await place.text('whole', 'test-losses.csv'));
  const exported = await place.json<EvaluationResult>('evaluate', whole.model, '--dataset', 'babi-sim-1');
  expect(exported.loss).toBeCloseTo(whole.test?.loss ?? 0, 5);
  expect(exported.accuracy).toBe(whole.test?.accuracy);
  const texts = ['John went to the kitchen . where is John', '', 'žluťoučký'];
  const [fromRun, fromModel] = [
    await place.run('predict', whole.run, ...texts),
    await place.run('predict', whole.model, ...texts),
  ];
  expect(fromRun.code).toBe(0);
  const labels = (outcome: typeof fromRun) => outcome.stdout.split('\n').map((line) => line.split('\t')[0]);
  expect(labels(fromModel)).toEqual(labels(fromRun));
  const classifier = await load(join(place.folder, whole.model));
  const results = await classifier.classify(texts);
  await classifier.dispose();
  expect([...results.map(({ label }) => label), '']).toEqual(labels(fromRun));
  const compared = await place.json<{ better: string; meanDifference: number }>(
    ...['compare', 'whole', 'run.csv'],
  );
  expect(compared).toMatchObject({ better: 'neither', meanDifference: 0 });
});

it('gives the same bytes with two threads and beside a baseline, and says little', async () => {
  const outcome = await place.run('train', ...options, '--threads', '2', '--out', 'two');
  expect(outcome.stderr).toMatch(/testing the classifier of n-grams/);
  expect(outcome.stderr).not.toMatch(/epoch|token/);
  for (const name of ['test-losses.csv', 'model.onnx', 'checkpoint/ngrams.safetensors']) {
    const [one, other] = ['whole', 'two'].map((run) => readFile(join(place.folder, run, name)));
    expect((await other)?.equals((await one) ?? Buffer.alloc(0))).toBe(true);
  }
  const words = await place.json<TrainResult>('train', ...options, '--ngrams', 'word:1-3', '--out', 'words');
  expect(words.baseline?.test).toEqual(whole.test);
});

it('leaves nothing behind when it is stopped, and begins anew after a kill', async () => {
  const stopped = await place
    .start('train', ...options, '--json', '--out', 'stopped')
    .stopped('SIGINT', 'fitting a linear classifier');
  const said = /^fitting a linear classifier of n-grams was interrupted$/;
  expectError(stopped, 130, 'INTERRUPTED', said, /Nothing was trained yet: run the same command again/);
  expect(await readdir(place.folder)).not.toContain('stopped');
  await place
    .start('train', ...options, '--out', 'killed')
    .stopped('SIGKILL', 'testing the classifier of n-grams');
  const resumed = await place.run('train', '--resume', 'killed');
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).toMatch(/a run without a network is not saved on its way: it begins anew/);
  expect(await place.text('killed', 'test-losses.csv')).toBe(await place.text('whole', 'test-losses.csv'));
  const done = await place.run('train', '--resume', 'killed', '--json');
  expectError(done, 1, 'RUN_DIRECTORY', /which is done/);
});

it('refuses what makes no sense without a network', async () => {
  const empty = await place.run('train', '--no-recurrent', '--no-ngrams', '--json');
  expectError(empty, 2, 'USAGE', /--no-ngrams cannot be combined with --no-recurrent/);
  const rate = await place.run('train', ...options, '--lr', '0.1', '--json');
  expectError(rate, 2, 'USAGE', /--lr cannot be combined with --no-recurrent/);
  const losses = await place.run('evaluate', 'whole', '--losses', 'whole/model.onnx', '--json');
  expectError(losses, 2, 'USAGE', /no part of a run/);
});
