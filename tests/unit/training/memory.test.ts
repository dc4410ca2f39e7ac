import { expect, it } from 'vitest';
import type { NativeStepOptions } from '../../../src/engine/addon.js';
import { loadAddon } from '../../../src/engine/loader.js';
import { asInterruption } from '../../../src/base/interruption.js';
import { AdvError } from '../../../src/base/errors.js';
import { asMemoryError, isMemoryError } from '../../../src/base/memory-error.js';
import { longestTexts, requireTrainingMemory } from '../../../src/training/memory.js';
import { fromNative } from '../../../src/engine/calls.js';
import type { EncodedSplit } from '../../../src/text/types.js';
import { FakeClassifier, recipe, split } from './support.js';
import { numbersOfParityRun } from '../../../src/onnx/parity.js';
import { sum } from '../../../src/statistics/sum.js';
import { advError } from '../support.js';

it('finds the longest texts of a split', () => {
  const lengths = [3, 9, 1, 9, 4];
  const texts = { count: 5, lengthOf: (row: number) => lengths[row] ?? 0 };
  expect(longestTexts(texts, 3)).toEqual(Int32Array.of(9, 9, 4));
  expect(longestTexts(texts, 100)).toEqual(Int32Array.of(9, 9, 4, 3, 1));
});

it('asks for the largest batch of training or validation, with its options, and for the copies of the parameters', async () => {
  const asked: { lengths: Int32Array; options: NativeStepOptions | undefined }[] = [];
  const needs: { bytes: number; what: string }[] = [];
  const classifier = Object.assign(new FakeClassifier(), {
    bytesFor: (lengths: Int32Array, options?: NativeStepOptions): number => {
      asked.push({ lengths, options });
      return options === undefined ? 7_000_000 : 5_000_000;
    },
  });
  const addon = {
    ...loadAddon(),
    requireMemory: (need: { bytes: number; what: string }) => needs.push(need),
  };
  const data = { train: await split(23, 2), valid: await split(9, 1) };
  const run = { addon, classifier, data, recipe };
  requireTrainingMemory({ ...run, resumes: false });
  requireTrainingMemory({ ...run, resumes: true });
  requireTrainingMemory({ ...run, recipe: { ...recipe, ema: 0.9 }, resumes: true });
  expect(asked.slice(0, 3)).toEqual([
    {
      lengths: Int32Array.of(4, 4, 4, 4, 4),
      options: expect.objectContaining({ learningRate: 0.5 }) as unknown,
    },
    { lengths: longestTexts(data.valid, 5), options: undefined },
    { lengths: longestTexts(data.valid, 32), options: undefined },
  ]);
  const [fresh, resumed, averaged] = needs.map(({ bytes }) => bytes);
  // 36 parameters of 4 bytes: four copies, or eight while a checkpoint is read.
  expect(resumed).toBe((fresh ?? 0) + 4 * 36 * 4);
  expect(averaged).toBe((resumed ?? 0) + 2 * 36 * 4);
  // The check of the export takes more than the ids of the batches.
  const checked = longestTexts(data.valid, 32);
  const numbers = 7 * sum(checked) + numbersOfParityRun(classifier.config, 9, checked[0] ?? NaN);
  expect(fresh).toBe(7_000_000 + 4 * 36 * 4 + 4 * numbers);
  expect(needs[0]?.what).toMatch(/^training, with batches of up to 20 tokens/u);
});

it('counts the words of a batch with their n-grams', () => {
  const needs: number[] = [];
  const addon = { ...loadAddon(), requireMemory: ({ bytes }: { bytes: number }) => needs.push(bytes) };
  const asked: number[] = [];
  const splitWith = (subwords: number) =>
    ({
      ...{ count: 100, lengthOf: () => 7 },
      mostSubwords: (words: number) => {
        asked.push(words);
        return subwords;
      },
    }) as unknown as EncodedSplit;
  const run = { addon, classifier: new FakeClassifier(), recipe, resumes: false };
  requireTrainingMemory({ ...run, data: { train: splitWith(0), valid: splitWith(0) } });
  requireTrainingMemory({ ...run, data: { train: splitWith(1_000_000), valid: splitWith(0) } });
  expect(asked).toContain(5 * 7);
  // Of the running batch, its copy in the engine and the next one, which outgrow what validation and the check of the export take.
  const ofCheck = 7 * 32 * 7 + numbersOfParityRun(run.classifier.config, 100, 7);
  expect((needs[1] ?? 0) - (needs[0] ?? 0)).toBeGreaterThan(4 * (3 * 1_000_000 - ofCheck));
});

it('tells a lack of memory as such, wherever it was found', () => {
  const native = Object.assign(new Error('a model needs 9 GiB'), { code: 'OUT_OF_MEMORY' });
  const array = new RangeError('Array buffer allocation failed');
  for (const convert of [asMemoryError, fromNative, (error: unknown) => asInterruption(error, undefined)]) {
    expect(convert(native)).toEqual(
      advError('NATIVE', /^a model needs 9 GiB$/u, /--size small.*vocabularySize/u),
    );
    expect(convert(array)).toEqual(advError('NATIVE', /no memory for an array/u, /--batch-size/u));
  }
  const runtime = new Error(
    "Non-zero status code returned while running Expand node. Name:'x' Status Message: /a/bfc_arena.cc:360 void* " +
      'AllocateRawInternal(size_t) Failed to allocate memory for requested buffer of size 8191998976\n',
  );
  expect(asMemoryError(runtime)).toEqual(
    advError(
      'NATIVE',
      /^there is no memory for onnxruntime \(Failed to allocate memory for requested buffer of size 8191998976\)$/u,
      /^Give the process more memory, or take less: shorter texts or a smaller model\.$/u,
    ),
  );
  for (const error of [native, array, runtime])
    expect(isMemoryError(asMemoryError(error) as AdvError)).toBe(true);
  expect(isMemoryError(new AdvError('NATIVE', 'no addon', 'Build it.'))).toBe(false);
  const other = new RangeError('another');
  expect(asMemoryError(other)).toBe(other);
  expect(asMemoryError('text')).toBe('text');
});
