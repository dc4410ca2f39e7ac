import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Vocabulary } from '../../src/text/vocabulary.js';
import {
  AdvError,
  Classifier,
  almostStochasticOrder,
  compare,
  datasets,
  evaluate,
  exportOnnx,
  hierarchicalBootstrap,
  holm,
  mcNemarTest,
  meanInterval,
  pairedPermutationTest,
  pairedTPower,
  pairedTTest,
  seedsForPower,
  train,
  unpairedPermutationTest,
  type NativeBatch,
  type ProgressEvent,
} from '../../src/index.js';
import { cellNames } from '../../src/engine/cells.js';
import { load } from '../../src/inference/inference.js';
import { readTensorFile, writeTensorFile } from '../../src/training/safetensors.js';
import { expectInterrupted, expectRefused } from '../unit/support.js';
import { temporaryFolder } from './support.js';

const folder = await temporaryFolder();
const shape = { vocabularySize: 9, classCount: 2, embeddingSize: 4, hiddenSize: 5, mlpSize: 6, threads: 1 };
const batch: NativeBatch = {
  ids: Int32Array.of(1, 3, 4, 2, 1, 5, 2, 1, 6, 7, 8, 2),
  offsets: Int32Array.of(0, 4, 7, 12),
  labels: Int32Array.of(0, 1, 0),
};
const adversarial = { epsilon: 0.1 };

it('trains, evaluates, exports and compares from a program', async () => {
  const options = { limit: 100, size: 'small', epochs: 1, threads: 1, dataset: 'babi-sim-6' } as const;
  const events: ProgressEvent[] = [];
  const out = join(folder, 'run');
  const result = await train({ ...options, out }, { onProgress: (event) => events.push(event) });
  expect(new Set(events.map(({ kind }) => kind))).toEqual(
    new Set(['stage', 'notice', 'step', 'examples', 'epoch', 'warning']),
  );
  // One epoch on a hundred questions learns nothing.
  expect(result.warnings.length).toBeGreaterThan(0);
  const told = events.filter((event) => event.kind === 'warning');
  expect(told.map(({ code, message }) => ({ code, message }))).toEqual(result.warnings);
  const evaluation = await evaluate(out, { threads: 1 });
  expect(evaluation.loss).toBe(result.test?.loss);
  const { onnxParity } = await exportOnnx(out);
  expect(onnxParity?.maxAbsDiff).toBeLessThan(1e-5);
  expect(onnxParity?.n).toBe(256);
  expect(await compare(out, out)).toMatchObject({ meanDifference: 0, better: 'neither' });
  expect((await datasets.list()).length).toBeGreaterThan(3);
});

it('compares regimes over seeds and examples from a program', async () => {
  expect(pairedTTest([1, 2, 4], [0, 1, 1]).df).toBe(2);
  const [vanilla, adversarial] = [
    [0.62, 0.6, 0.66, 0.61, 0.64, 0.65],
    [0.59, 0.58, 0.6, 0.6, 0.6, 0.61],
  ];
  expect(meanInterval(vanilla).ci95).not.toBeNull();
  const paired = pairedPermutationTest(vanilla, adversarial);
  const unpaired = unpairedPermutationTest(vanilla, adversarial);
  expect([paired.better, unpaired.better]).toEqual(['b', 'b']);
  expect(holm([paired.p, 0.5])).toEqual([2 * paired.p, 0.5]);
  expect(almostStochasticOrder(vanilla, adversarial).better).toBe('b');
  const needed = seedsForPower(pairedTTest(vanilla, adversarial).cohensDz) ?? Number.NaN;
  expect(pairedTPower(pairedTTest(vanilla, adversarial).cohensDz, needed)).toBeGreaterThanOrEqual(0.8);
  const arm = (losses: number[]) => losses.map((loss, seed) => ({ seed, losses: [loss, loss + 0.1] }));
  expect((await hierarchicalBootstrap(arm(vanilla), arm(adversarial))).better).toBe('b');
  expect(mcNemarTest([true, true, false], [true, false, false])).toMatchObject({ onlyA: 1, p: 1 });
});

it('leaves nothing behind when the signal has fired before it began', async () => {
  const out = join(folder, 'never');
  await expectInterrupted(train({ out, limit: 100 }, { signal: AbortSignal.abort() }));
  await expect(stat(out)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('refuses wrong arguments and ended calls with its own error, and survives a late signal', async () => {
  const classifier = new Classifier({ ...shape, seed: 3 });
  const wrong = { ...batch, ids: batch.ids.map(() => 1_000_000) };
  await expectRefused(classifier.evaluate(wrong), 'USAGE', /./, /^/);
  await expectRefused(classifier.trainStep(batch, { learningRate: Number.NaN }), 'USAGE', /./, /^/);
  const controller = new AbortController();
  const running = classifier.trainStep(batch, {}, controller.signal);
  classifier.dispose();
  controller.abort();
  await running.catch((error: unknown) => {
    expect(error).toMatchObject({ name: 'AdvError', code: 'INTERRUPTED' });
  });
  expect(() => classifier.parameters()).toThrow(AdvError);
});

const poolings = [[['last'], 0] as const, [['max', 'attention'], 0.9] as const];
it.each(cellNames.flatMap((cell) => poolings.map((more) => [cell, ...more] as const)))(
  'continues a saved classifier with the same bits (%s, %j, ema %d)',
  async (cell, pooling, ema) => {
    using one = new Classifier({ ...shape, cell, pooling, ema, seed: 3 });
    for (let step = 0; step < 3; step += 1) await one.trainStep(batch, { adversarial, dropoutKeep: 0.5 });
    const path = join(folder, 'classifier.safetensors');
    await one.save(path);
    using other = await Classifier.load(path, { threads: 2 });
    expect(other.config).toMatchObject({ cell, pooling, ema });
    expect(other.step).toBe(3);
    const [a, b] = [
      await one.trainStep(batch, { adversarial, dropoutKeep: 0.5 }),
      await other.trainStep(batch, { adversarial, dropoutKeep: 0.5 }),
    ];
    expect(b).toEqual(a);
    expect(other.parameters()).toEqual(one.parameters());
    expect(await other.evaluate(batch)).toEqual(await one.evaluate(batch));
  },
);

it('perturbs at random where a step says so, by the seed and the step', async () => {
  const steps = async (seed: number, attack: 'fast-gradient-sign' | 'random-sign'): Promise<number[]> => {
    using classifier = new Classifier({ ...shape, seed });
    const losses = [];
    for (let step = 0; step < 2; step += 1) {
      const { cleanLoss, adversarialLoss, epsilon } = await classifier.trainStep(batch, {
        adversarial: { attack, epsilon: 0.3, epsilonUnit: 'absolute' },
      });
      expect(epsilon).toBe(0.3);
      expect(adversarialLoss).not.toBe(cleanLoss);
      losses.push(adversarialLoss);
    }
    return losses;
  };
  expect(await steps(3, 'random-sign')).toEqual(await steps(3, 'random-sign'));
  expect(await steps(3, 'random-sign')).not.toEqual(await steps(4, 'random-sign'));
  // No direction is worse than the gradient's where the loss is as good as straight.
  expect((await steps(3, 'random-sign'))[0]).toBeLessThan((await steps(3, 'fast-gradient-sign'))[0] ?? 0);
});

it('takes learningRate·λ of each weight beside what a step without decay takes, and of no bias', async () => {
  using plain = new Classifier({ ...shape, seed: 3 });
  using decaying = new Classifier({ ...shape, seed: 3 });
  const before = plain.parameters();
  await plain.trainStep(batch, { learningRate: 0.01 });
  await decaying.trainStep(batch, { learningRate: 0.01, weightDecay: 50 });
  const [without, decayed] = [plain.parameters(), decaying.parameters()];
  for (const { name, shape: size, offset } of plain.tensors) {
    const share = /bias/i.test(name) ? 0 : 0.5;
    const length = size.reduce((product, extent) => product * extent, 1);
    for (let place = offset; place < offset + length; place += 1) {
      const expected = (without[place] ?? Number.NaN) - share * (before[place] ?? Number.NaN);
      expect(decayed[place], name).toBeCloseTo(expected, 6);
    }
  }
  expect(decayed).not.toEqual(without);
});

it('keeps the squared loss of a saved classifier, and takes one that names none for cross-entropy', async () => {
  using one = new Classifier({ ...shape, loss: 'squared', seed: 3 });
  await one.trainStep(batch);
  const path = join(folder, 'squared.safetensors');
  await one.save(path);
  using other = await Classifier.load(path);
  expect(other.config.loss).toBe('squared');
  expect(await other.evaluate(batch)).toEqual(await one.evaluate(batch));
  using usual = new Classifier({ ...shape, seed: 3 });
  await usual.trainStep(batch);
  expect((await usual.evaluate(batch)).losses).not.toEqual((await one.evaluate(batch)).losses);
  await usual.save(path);
  const { tensors, document } = await readTensorFile(path);
  const { config, ...rest } = document as { config: Record<string, unknown> };
  const { loss, ...before } = config;
  expect(loss).toBe('cross-entropy');
  await writeTensorFile(path, { tensors, document: { ...rest, config: before } });
  using old = await Classifier.load(path);
  expect(old.config.loss).toBe('cross-entropy');
});

it('takes a saved classifier that names no cell for a GRU, the one cell there was', async () => {
  using gru = new Classifier(shape);
  const path = join(folder, 'old.safetensors');
  await gru.save(path);
  const { tensors, document } = await readTensorFile(path);
  const { config, ...rest } = document as { config: Record<string, unknown> };
  const { cell, ...before } = config;
  expect(cell).toBe('gru');
  await writeTensorFile(path, { tensors, document: { ...rest, config: before } });
  using old = await Classifier.load(path);
  expect(old.parameters()).toEqual(gru.parameters());
});

it.each(cellNames)('exports a classifier that inference runs (%s)', async (cell) => {
  using classifier = new Classifier({ ...shape, cell });
  const vocabulary = [
    ...Vocabulary.fromTokens(['<unk>', '<begin>', '<end>', 'a', 'b', 'c', 'd', 'e', 'f']).tokens,
  ];
  const path = join(folder, 'small.onnx');
  const metadata = {
    tokenizer: ['nfc@1', 'lowercase@1', 'words@1'],
    vocabulary,
    labels: ['x', 'y'],
    maxTokens: 10,
    training: {},
  };
  const parity = await classifier.exportOnnx(path, metadata);
  expect(parity?.maxAbsDiff).toBeLessThan(1e-5);
  const model = await load(path);
  expect(await model.classify(['a b c'])).toHaveLength(1);
  await model.dispose();
});

it('names what is wrong with options and files', async () => {
  expect(() => new Classifier({ ...shape, classCount: 1 })).toThrow(
    /classCount: expected an integer from 2 to 2147483647, got 1/,
  );
  expect(() => new Classifier({ ...shape, cell: 'rnn' as 'gru' })).toThrow(
    /cell: expected one of gru, gru-cho, lstm, got 'rnn'/,
  );
  const path = join(folder, 'run', 'checkpoint', 'last.safetensors');
  await expect(Classifier.load(path)).rejects.toMatchObject({ code: 'CHECKPOINT' });
});

it('refuses options of a step, of load and of inference that there are not, and values that are wrong', async () => {
  using classifier = new Classifier(shape);
  const before = classifier.parameters();
  const step = (options: object) => classifier.trainStep(batch, options);
  await expect(step({ learningrate: 1 })).rejects.toMatchObject({
    code: 'USAGE',
    message: "unknown option 'learningrate'",
    hint: 'Options are: learningRate, dropoutKeep, unknownRate, clipNorm, weightDecay, adversarial.',
  });
  await expect(step({ adversarial: { eps: 1 } })).rejects.toMatchObject({
    code: 'USAGE',
    message: "unknown option 'eps'",
    hint: 'Options are: attack, epsilon, epsilonUnit, alpha.',
  });
  await expect(step({ adversarial: { alpha: 2 } })).rejects.toThrow(
    /^adversarial\.alpha: expected .*, got 2$/,
  );
  await expect(step({ adversarial: true })).rejects.toThrow(/^adversarial: expected an object, got true$/);
  await expect(step({ clipNorm: '5' })).rejects.toThrow(/^clipNorm: expected a number .*, got '5'$/);
  expect(classifier.step).toBe(0);
  expect(classifier.parameters()).toEqual(before);
  await expect(Classifier.load('nowhere', { thread: 1 } as object)).rejects.toThrow(
    /unknown option 'thread'/,
  );
  await expect(load('nowhere', { thread: 1 } as object)).rejects.toThrow(/unknown option 'thread'/);
});

it('refuses calls after dispose and stops at a signal', async () => {
  const classifier = new Classifier(shape);
  await expectInterrupted(classifier.trainStep(batch, {}, AbortSignal.abort()));
  classifier.dispose();
  classifier.dispose();
  await expect(classifier.evaluate(batch)).rejects.toThrow(/dispose/i);
});
