import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { cellNames } from '../../src/engine/cells.js';
import { loadAddon } from '../../src/engine/loader.js';
import {
  adversarial,
  batch,
  createClassifier,
  evenBatch,
  longBatch,
  smallConfig,
  vanilla,
} from './fixtures.js';

const addonPath = new URL('../../build/Release/advnative.node', import.meta.url).pathname;

describe('asynchronous calls', () => {
  it('leave the event loop free', async () => {
    // Hundreds of milliseconds of work, so that a busy machine has time for the ticks as well.
    const classifier = createClassifier({ hiddenSize: 200 });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await classifier.trainStep(longBatch(), vanilla);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });

  it.each(cellNames)('are cancelled at once and leave the model as it was (%s)', async (cell) => {
    const classifier = createClassifier({ cell, hiddenSize: 200 });
    const before = classifier.readParameters();
    const running = classifier.trainStep(longBatch(), adversarial);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const asked = performance.now();
    classifier.cancel();
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(performance.now() - asked).toBeLessThan(500);
    expect(classifier.step).toBe(0);
    expect(classifier.readParameters()).toEqual(before);
    await classifier.trainStep(batch, vanilla);
    expect(classifier.step).toBe(1);
  });

  it('end when the classifier is disposed of, without a crash', async () => {
    const classifier = createClassifier({ hiddenSize: 200 });
    const running = classifier.trainStep(longBatch(), vanilla);
    classifier.dispose();
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('copy the batch: changing it afterwards changes nothing', async () => {
    const [a, b] = [createClassifier(), createClassifier()];
    const mutable = { ...batch, ids: Int32Array.from(batch.ids) };
    const running = a.trainStep(mutable, vanilla);
    mutable.ids.fill(11);
    const expected = await b.trainStep(batch, vanilla);
    expect(await running).toEqual(expected);
    expect(a.readParameters()).toEqual(b.readParameters());
  });

  it('name step and tensor when the loss is not finite', async () => {
    const classifier = createClassifier();
    // Finite weights whose products overflow.
    classifier.writeParameters(classifier.readParameters().fill(3e38));
    await expect(classifier.trainStep(batch, vanilla)).rejects.toMatchObject({
      code: 'NOT_FINITE',
      message: expect.stringMatching(/step 1: the loss is not finite/) as unknown,
    });
    expect(classifier.step).toBe(0);
    await expect(classifier.predict(batch)).rejects.toMatchObject({ code: 'NOT_FINITE' });
    await expect(classifier.evaluate(batch)).rejects.toMatchObject({ code: 'NOT_FINITE' });
  });
});

it("a step's profile names parts that follow one another and fill the step, and what threads did within them", async () => {
  const classifier = createClassifier({ threads: 1, hiddenSize: 100 });
  const begin = performance.now();
  await classifier.trainStep(evenBatch(20, 200), adversarial);
  const elapsed = performance.now() - begin;
  const profile = classifier.profile();
  const sumOf = (kind: string): number =>
    Object.entries(profile).reduce((sum, [part, ms]) => (part.startsWith(kind) ? sum + ms : sum), 0);
  expect(Math.min(...Object.values(profile))).toBeGreaterThan(0);
  expect(sumOf('wall.')).toBeLessThan(elapsed);
  expect(sumOf('wall.')).toBeGreaterThan(0.5 * elapsed);
  const partOf = (name: string): number => profile[name] ?? NaN;
  const recurrent = partOf('wall.recurrentForward') + partOf('wall.recurrentBackward');
  expect(sumOf('thread.')).toBeLessThan(recurrent);
  expect(sumOf('thread.')).toBeGreaterThan(0.5 * recurrent);
  // Twenty texts make three slices of two directions; more cores than tasks are of no use.
  expect(partOf('tasks.count')).toBe(6);
  expect(partOf('tasks.longest')).toBeLessThan(partOf('cores.16'));
  expect(partOf('tasks.serial')).toBeLessThan(partOf('cores.16'));
  expect(partOf('cores.8')).toBeGreaterThanOrEqual(partOf('cores.16'));
  expect(partOf('cores.4')).toBeLessThan(elapsed);
});

describe('numbers', () => {
  it.each(cellNames)('are the same bits for 1 and 2 threads (%s)', async (cell) => {
    const train = async (threads: number): Promise<Float32Array> => {
      const classifier = createClassifier({ cell, threads });
      const options = { ...adversarial, dropoutKeep: 0.5, unknownRate: 0.1, clipNorm: 1 };
      for (let step = 0; step < 5; step++) await classifier.trainStep(batch, options);
      return classifier.readParameters();
    };
    expect(await train(2)).toEqual(await train(1));
  });

  it.each(cellNames)('predictions do not depend on the batch (%s)', async (cell) => {
    const classifier = createClassifier({ cell });
    const together = await classifier.predict(batch);
    for (let text = 0; text < 3; text++) {
      const ids = batch.ids.slice(batch.offsets[text], batch.offsets[text + 1]);
      const alone = await classifier.predict({ ids, offsets: Int32Array.of(0, ids.length) });
      expect(alone).toEqual(together.slice(3 * text, 3 * text + 3));
    }
  });
});

describe('many models', () => {
  it('two train side by side to what each gives alone', async () => {
    const [a, b, alone] = [createClassifier(), createClassifier({ seed: 2 }), createClassifier()];
    for (let step = 0; step < 5; step++) {
      const [result] = await Promise.all([a.trainStep(batch, adversarial), b.trainStep(batch, adversarial)]);
      expect(result).toEqual(await alone.trainStep(batch, adversarial));
    }
  });

  it('one trains in a worker thread, and a terminated worker takes nothing down', async () => {
    const source = `
      const { parentPort, workerData } = require('node:worker_threads');
      const { Classifier } = require(workerData.addonPath);
      const classifier = new Classifier(workerData.config);
      (async () => {
        const result = await classifier.trainStep(workerData.batch, workerData.options);
        parentPort.postMessage(result.loss);
        await classifier.trainStep(workerData.long, workerData.options);
      })();`;
    const long = longBatch();
    const config = { ...smallConfig, hiddenSize: 30 };
    const workerData = { addonPath, config, batch, options: adversarial, long };
    const worker = new Worker(source, { eval: true, workerData });
    const loss = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    const classifier = createClassifier(config);
    expect(loss).toBe((await classifier.trainStep(batch, adversarial)).loss);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await worker.terminate();
    await classifier.trainStep(batch, adversarial);
  });

  it('a hundred are created, trained and disposed of without growth', async () => {
    const cycle = async (): Promise<void> => {
      const classifier = createClassifier({ hiddenSize: 64, vocabularySize: 20000, embeddingSize: 50 });
      await classifier.trainStep(batch, vanilla);
      classifier.dispose();
    };
    for (let i = 0; i < 10; i++) await cycle();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 100; i++) await cycle();
    // One model is 16 MB; a leak of each tenth one would show.
    expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
  });
});

describe('the instruction set', () => {
  const script = `require(${JSON.stringify(addonPath)}).info().instructionSet`;
  const info = async (isa: string): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)(process.execPath, ['-p', script], { env: { ...process.env, ADVNATIVE_ISA: isa } });

  it('follows ADVNATIVE_ISA', async () => {
    for (const isa of loadAddon().info().availableInstructionSets) {
      expect((await info(isa)).stdout.trim()).toBe(isa);
    }
  });

  it('is an error that names the choices when ADVNATIVE_ISA names another', async () => {
    await expect(info('sse9')).rejects.toThrow(/ADVNATIVE_ISA: expected one of portable.*got 'sse9'/);
  });
});
