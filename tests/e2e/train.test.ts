import { cp, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readModel } from '../../src/inference/model-file.js';
import { readTensorFile, writeTensorFile } from '../../src/training/safetensors.js';
import type { EpochRecord } from '../../src/base/epoch-record.js';
import type { EvaluationResult } from '../../src/training/evaluate.js';
import type { TrainResult } from '../../src/training/run.js';
import { errorOf, expectError, temporaryFolder, Workplace } from './support.js';

const options = '--limit 1200 --preset paper --size small --epochs 3 --batch-size 8 --threads 1'.split(' ');
const place = new Workplace(await temporaryFolder());
let whole: TrainResult;
let losses = '';

beforeAll(async () => {
  whole = await place.json('train', ...options);
  losses = await place.text(whole.run, 'test-losses.csv');
});

/** The history of a run without its times, which no two runs share. */
async function timelessHistory(run: string): Promise<unknown[]> {
  const lines = (await place.text(run, 'history.jsonl')).trimEnd().split('\n');
  return lines.map((line) => ({
    ...(JSON.parse(line) as object),
    ...{ seconds: 0, trainSeconds: 0, tokensPerSecond: 0 },
  }));
}

async function expectSameAsWhole(run: string): Promise<void> {
  expect(await place.text(run, 'test-losses.csv')).toBe(losses);
  const { best, baseline } = (await place.record(run)).result ?? {};
  expect(best).toEqual(whole.best);
  expect({ ...baseline, seconds: 0 }).toEqual({ ...whole.baseline, seconds: 0 });
  expect(await timelessHistory(run)).toEqual(await timelessHistory(whole.run));
}

it('prints one object on standard output and leaves a whole run directory', async () => {
  expect(whole).toMatchObject({
    run: join('runs', 'babi-sim-1-adversarial-seed1'),
    dataset: { name: 'babi-sim-1', examples: { train: 1200, valid: 120, test: 1000 } },
    test: { n: 1000 },
    model: join(whole.run, 'model.onnx'),
  });
  expect(whole.best.epoch).toBeGreaterThanOrEqual(1);
  expect(whole.throughput.tokensPerSecond).toBeGreaterThan(0);
  expect(whole.onnxParity?.n).toBe(256);
  expect(whole.onnxParity?.maxAbsDiff).toBeLessThan(1e-5);
  expect(await timelessHistory(whole.run)).toHaveLength(4);
  expect(await place.record(whole.run)).toMatchObject({
    status: 'done',
    recipe: { seed: 1, regime: 'adversarial' },
    dataset: {
      language: 'English, generated',
      trainingTexts: {
        tokens: { mean: expect.any(Number) as number },
        sentences: expect.any(Number) as number,
      },
    },
    result: { best: whole.best },
  });
  const along = (await place.record(whole.run)).result?.lossAlong;
  expect(along?.texts).toBe(120);
  expect(along?.fastGradientSign[0]).toBeCloseTo(whole.best.validLoss, 5);
  expect(along?.random[0]).toBe(along?.fastGradientSign[0]);
  expect(along?.fastGradientSign).toEqual([...(along?.fastGradientSign ?? [])].sort((a, b) => a - b));
  expect(along?.fastGradientSign.at(-1)).toBeGreaterThan((along?.random.at(-1) ?? NaN) + 0.01);
  const [header, ...rows] = losses.trimEnd().split('\n');
  expect(header).toBe('id,textHash,label,prediction,loss');
  expect(rows).toHaveLength(1000);
  const mean = rows.reduce((sum, row) => sum + Number(row.split(',')[4]), 0) / rows.length;
  expect(mean).toBeCloseTo(whole.test?.loss ?? 0, 12);
});

it('gives the same bytes again, with two threads too, in a directory of its own', async () => {
  const again = await place.json<TrainResult>('train', ...options.slice(0, -1), '2');
  expect(again.run).toBe(`${whole.run}-2`);
  await expectSameAsWhole(again.run);
});

it('tells what a linear n-gram classifier reaches on the same data, and how the model compares', async () => {
  const { baseline } = whole;
  if (baseline?.test == null || baseline.comparison === null) throw new Error('a baseline with a test');
  expect(baseline).toMatchObject({ examples: 1200, valid: { n: 120 }, test: { n: 1000 } });
  expect(baseline.features).toBeGreaterThan(100);
  // Where things are is told by the order of events, which n-grams do not hold, but some of it.
  expect(baseline.valid.accuracy).toBeGreaterThan(0.25);
  expect(baseline.test.accuracy).toBeGreaterThan(0.25);
  expect(baseline.test.loss).toBeLessThan(Math.log(6));
  const difference = (whole.test?.loss ?? 0) - baseline.test.loss;
  expect(baseline.comparison.meanDifference).toBeCloseTo(difference, 10);
  const { p, better } = baseline.comparison;
  expect(better).toBe(p >= 0.05 ? 'neither' : difference < 0 ? 'a' : 'b');
  expect((await place.record(whole.run)).result?.baseline).toEqual(baseline);
});

it('leaves the baseline out when told to, and a run that goes on keeps to it', async () => {
  const command = place.start('train', ...options, '--no-baseline', '--out', 'bare');
  await command.stopped('SIGKILL', 'epoch 1/3 | train loss');
  const result = await place.json<TrainResult>('train', '--resume', 'bare');
  expect(result.baseline).toBeNull();
  expect(await place.text('bare', 'test-losses.csv')).toBe(losses);
});

it('ends without its baseline where the fit of that could not end', async () => {
  const command = place.start('train', ...options, '--out', 'unfitted');
  await command.stopped('SIGKILL', 'fitting a linear classifier of n-grams');
  const resumed = await place.run('train', '--resume', 'unfitted', '--no-baseline', '--json');
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).not.toMatch(/^epoch|fitting/mu);
  expect(JSON.parse(resumed.stdout)).toMatchObject({ best: whole.best, baseline: null });
  expect(await place.text('unfitted', 'test-losses.csv')).toBe(losses);
});

it('gives other bytes for another seed and another regime', async () => {
  const short = [...options, '--epochs', '1'];
  const [seed, regime] = [
    await place.json<TrainResult>('train', ...short, '--seed', '2'),
    await place.json<TrainResult>('train', ...short, '--regime', 'dropout'),
  ];
  expect(seed.run).toMatch(/adversarial-seed2$/);
  expect(regime.run).toMatch(/dropout-seed1$/);
  const others = [seed.run, regime.run].map((run) => place.text(run, 'test-losses.csv'));
  expect(new Set([losses, ...(await Promise.all(others))]).size).toBe(3);
});

it('goes on after kill -9 in the middle of an epoch as if nothing had happened', async () => {
  const command = place.start('train', ...options, '--out', 'killed');
  await command.stopped('SIGKILL', 'epoch 1/3 | train loss', 60);
  expect((await place.record('killed')).status).toBe('running');
  expect(await place.position('killed')).toMatchObject({ epoch: 2, nextBatch: 0 });

  expect(await place.run('train', '--resume', 'killed')).toMatchObject({ code: 0 });
  await expectSameAsWhole('killed');
});

it('saves on Ctrl-C in the middle of an epoch, says how to go on, and goes on exactly', async () => {
  const command = place.start('train', ...options, '--out', 'stop here', '--json');
  const outcome = await command.stopped('SIGINT', 'epoch 1/3 | train loss', 60);
  expectError(outcome, 130, 'INTERRUPTED');
  expect(outcome.stderr).toContain("npx advnative train --resume 'stop here'");
  expect((await place.record('stop here')).status).toBe('interrupted');
  const { epoch, nextBatch } = await place.position('stop here');
  expect(epoch).toBe(2);
  expect(nextBatch).toBeGreaterThan(0);

  await place.json('train', '--resume', 'stop here', '--threads', '2');
  await expectSameAsWhole('stop here');
});

it('decays weights as --weight-decay says, also where a run goes on', async () => {
  const decaying = [...options, '--weight-decay', '0.5'];
  const decayed = await place.json<TrainResult>('train', ...decaying, '--out', 'decayed');
  expect(decayed.best.validLoss).not.toBe(whole.best.validLoss);
  expect(await place.text('decayed', 'test-losses.csv')).not.toBe(losses);
  const command = place.start('train', ...decaying, '--out', 'decays');
  await command.stopped('SIGKILL', 'epoch 1/3 | train loss');
  expect(await place.record('decays')).toMatchObject({ status: 'running', recipe: { weightDecay: 0.5 } });
  await place.json('train', '--resume', 'decays');
  expect(await place.text('decays', 'test-losses.csv')).toBe(await place.text('decayed', 'test-losses.csv'));
  expect(await timelessHistory('decays')).toEqual(await timelessHistory('decayed'));
});

it('perturbs at random with --regime random+dropout, by ε in its unit, also where a run goes on', async () => {
  const perturbing = [...options, '--regime', 'random+dropout', '--epsilon', '0.5'];
  const perturbed = await place.json<TrainResult>('train', ...perturbing);
  expect(perturbed.run).toMatch(/babi-sim-1-random\+dropout-seed1$/);
  const dropout = await place.json<TrainResult>(
    'train',
    ...options,
    '--regime',
    'dropout',
    '--out',
    'no-delta',
  );
  const history = (await timelessHistory(perturbed.run)) as EpochRecord[];
  const [, first, ...later] = history;
  for (const { epsilon, embeddingStd } of [first, ...later].filter((record) => record !== undefined)) {
    // Of the last step's table, before its update.
    expect(epsilon / embeddingStd).toBeCloseTo(0.5, 2);
  }
  expect(first?.trainObjective).not.toBe(first?.trainLoss);
  expect(perturbed.best.validLoss).not.toBe(dropout.best.validLoss);
  const { metadata } = await readModel(join(place.folder, perturbed.model));
  expect(metadata.training).toMatchObject({ regime: 'random+dropout', epsilon: 0.5 });

  const command = place.start('train', ...perturbing, '--out', 'perturbs');
  await command.stopped('SIGKILL', 'epoch 1/3 | train loss', 60);
  expect(await place.record('perturbs')).toMatchObject({
    status: 'running',
    recipe: { regime: 'random+dropout' },
  });
  await place.json('train', '--resume', 'perturbs', '--threads', '2');
  expect(await place.text('perturbs', 'test-losses.csv')).toBe(
    await place.text(perturbed.run, 'test-losses.csv'),
  );
  expect(await timelessHistory('perturbs')).toEqual(history);
});

it('selects by accuracy with --select, and tells what each criterion would have selected', async () => {
  const selecting = [...options, '--select', 'accuracy'];
  const result = await place.json<TrainResult>('train', ...selecting, '--out', 'by-accuracy');
  const history = (await timelessHistory('by-accuracy')) as EpochRecord[];
  const highest = Math.max(...history.slice(1).map(({ validAccuracy }) => validAccuracy));
  expect(history[result.best.epoch]?.validAccuracy).toBe(highest);
  expect(result.epochsBy).toMatchObject({ loss: whole.best.epoch, accuracy: result.best.epoch });
  expect(await place.record('by-accuracy')).toMatchObject({
    recipe: { select: 'accuracy' },
    result: { epochsBy: result.epochsBy },
  });
});

it('validates, tests and exports the average that --ema keeps, also where a run goes on', async () => {
  const averaging = [...options, '--ema', '0.99'];
  const averaged = await place.json<TrainResult>('train', ...averaging, '--out', 'averaged');
  expect(averaged.best.validLoss).not.toBe(whole.best.validLoss);
  expect(averaged.onnxParity?.maxAbsDiff).toBeLessThan(1e-5);
  // Steps know nothing of the average.
  const trainLosses = async (run: string): Promise<unknown[]> =>
    (await timelessHistory(run)).map((record) => (record as EpochRecord).trainLoss);
  expect(await trainLosses('averaged')).toEqual(await trainLosses(whole.run));
  const command = place.start('train', ...averaging, '--out', 'averages');
  await command.stopped('SIGKILL', 'epoch 1/3 | train loss', 60);
  expect(await place.record('averages')).toMatchObject({ status: 'running', recipe: { ema: 0.99 } });
  await place.json('train', '--resume', 'averages', '--threads', '2');
  expect(await place.text('averages', 'test-losses.csv')).toBe(
    await place.text('averaged', 'test-losses.csv'),
  );
  expect(await timelessHistory('averages')).toEqual(await timelessHistory('averaged'));
  const losses = await place.json<EvaluationResult>('evaluate', 'averaged');
  expect(losses.loss).toBe(averaged.test?.loss);
  const exported = await place.json<EvaluationResult>('evaluate', averaged.model, '--dataset', 'babi-sim-1');
  expect(exported.loss).toBeCloseTo(averaged.test?.loss ?? 0, 5);
});

it('keeps the last good checkpoint when the disk is full, and goes on from it', async () => {
  // A limit on file sizes stands for the full disk: the checkpoint of epoch 0 fits, that of epoch 1 does not.
  const training = ['train', ...options, '--out', 'full', '--json'];
  const outcome = await place.shell('ulimit -f 1600; exec "$0" "$@"', ...training);
  expectError(outcome, 1, 'STORAGE');
  expect(outcome.stderr).toMatch(/cannot write full.*last\.safetensors.*untouched.*train --resume full$/ms);
  expect((await place.record('full')).status).toBe('failed');
  expect(await place.position('full')).toMatchObject({ epoch: 1 });

  expect((await place.run('train', '--resume', 'full')).code).toBe(0);
  await expectSameAsWhole('full');
});

it('refuses a second process in a run directory', async () => {
  const first = place.start('train', ...options, '--epochs', '50', '--patience', '50', '--out', 'shared');
  await first.saying('epoch 0/50');
  for (const how of ['--resume', '--out']) {
    const second = await place.run('train', how, 'shared', '--json');
    expectError(second, 1, 'RUN_DIRECTORY');
    expect(second.stderr).toMatch(/in use/);
  }
  first.child.kill('SIGTERM');
  expect((await first.ended).code).toBe(143);
});

it('refuses to resume what cannot be resumed, and changes nothing', async () => {
  const attempt = async (run: string): Promise<string> => {
    const record = (): Promise<string> => place.text(run, 'run.json').catch(() => 'none');
    const before = await record();
    const outcome = await place.run('train', '--resume', run, '--json');
    expect(outcome.code).toBe(1);
    expect(await record()).toBe(before);
    return `${errorOf(outcome).code}: ${outcome.stderr}`;
  };
  expect(await attempt('nowhere')).toMatch(/^RUN_DIRECTORY: .*expected a run directory, got nowhere/);
  expect(await attempt(whole.run)).toMatch(/^RUN_DIRECTORY: .*which is done/s);

  const copy = async (name: string): Promise<string> => {
    await cp(join(place.folder, 'shared'), join(place.folder, name), { recursive: true });
    return join(place.folder, name, 'checkpoint', 'last.safetensors');
  };
  await truncate(await copy('truncated'), 100_000);
  expect(await attempt('truncated')).toMatch(/^CHECKPOINT: .*truncated/s);

  const versioned = await copy('versioned');
  const { tensors, document } = await readTensorFile(versioned);
  await writeTensorFile(versioned, { tensors, document: { ...(document as object), format: 3 } });
  expect(await attempt('versioned')).toMatch(/^CHECKPOINT: .*format version 3, expected 2/s);

  await copy('edited');
  const edited = await place.record('edited');
  const recipe = { ...edited.recipe, learningRate: 0.5 };
  await place.write('edited/run.json', JSON.stringify({ ...edited, recipe }));
  expect(await attempt('edited')).toMatch(/^CHECKPOINT: .*other options/s);
  expect((await place.run('evaluate', 'shared')).stderr).toMatch(/expected a finished run.*'interrupted'/);
});

it('leaves no directory behind when the engine refuses', async () => {
  const training = ['train', ...options, '--out', 'refused', '--json'];
  const outcome = await place.startIn({ ADVNATIVE_ISA: 'avx9' }, ...training).ended;
  expectError(outcome, 1, 'NATIVE');
  expect(outcome.stderr).toMatch(/ADVNATIVE_ISA: expected one of portable/);
  await expect(place.text('refused', 'run.json')).rejects.toMatchObject({ code: 'ENOENT' });
  expect((await place.run('train', ...options, '--epochs', '1', '--out', 'refused')).code).toBe(0);
});

it('stops before training when interrupted while reading', async () => {
  const command = place.start('train', '--dataset', 'babi-sim-2', '--limit', '500000', '--out', 'early');
  const outcome = await command.stopped('SIGINT', 'reading');
  expect(outcome.code).toBe(130);
  expect(outcome.stderr).toMatch(/^error: reading babi-sim-2 was interrupted$/m);
  expect(outcome.stderr).toMatch(/run the same command again/);
});
