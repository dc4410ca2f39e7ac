import { expect, it, onTestFinished, vi } from 'vitest';
import { ModelSession } from '../../../src/inference/session.js';
import { checkParity, numbersOfParityRun } from '../../../src/onnx/parity.js';
import { exported, modelFile } from './fixtures.js';
import { randomModel, randomTexts, referenceLogits, textAt } from './reference-classifier.js';
import { expectRefused } from '../support.js';

const model = randomModel();
const lengths = Array.from({ length: 70 }, (_, index) => 1 + ((index * 7) % 23));
const texts = { ...randomTexts(lengths, model.config.vocabularySize), featureRows: [] };
const logits = lengths.map((_, index) => Float64Array.from(referenceLogits(model, textAt(texts, index))));

/** Checks the exported model against these logits, or those that the formulas give. */
const parity = async (expected: readonly Float64Array[] = logits, of = texts) =>
  checkParity(await modelFile(exported(model)), of, expected);

/** The logits, of which one is another. */
function changed(text: number, score: number, change: (logit: number) => number): Float64Array[] {
  return logits.map((row, place) =>
    place === text ? row.map((logit, at) => (at === score ? change(logit) : logit)) : row,
  );
}

it('finds almost no difference between the export and the same model', async () => {
  const found = await parity();
  expect(found?.n).toBe(70);
  expect(found?.maxAbsDiff).toBeGreaterThan(0);
  expect(found?.maxAbsDiff).toBeLessThan(1e-6);
});

it('finds almost no difference where the sigmoids of the logits are normalised, however small they are', async () => {
  const squared = { ...model, config: { ...model.config, loss: 'squared' as const } };
  const path = await modelFile(exported(squared));
  expect((await checkParity(path, texts, logits, 'squared'))?.maxAbsDiff).toBeLessThan(1e-6);
  expect((await checkParity(path, texts, logits))?.maxAbsDiff).toBeGreaterThan(0.01);
  const { offset } = model.tensors.find(({ name }) => name === 'mlp.output.bias') ?? { offset: 0 };
  const low = Float32Array.from(model.parameters, (value, place) => (place < offset ? value : value - 300));
  const lowLogits = logits.map((row) => row.map((logit) => Math.fround(logit - 300)));
  const found = await checkParity(
    await modelFile(exported({ ...squared, parameters: low })),
    texts,
    lowLogits,
    'squared',
  );
  expect(found?.maxAbsDiff).toBeLessThan(1e-4);
});

it('finds the one text that differs, in the last batch too', async () => {
  const found = await parity(changed(69, 1, (logit) => logit + 1));
  expect(found?.maxAbsDiff).toBeGreaterThan(0.01);
});

it('takes logits whose exponential overflows', async () => {
  const large = logits.map(() => Float64Array.of(1000, -1000, -1000));
  const found = await parity(large);
  expect(found?.maxAbsDiff).toBeGreaterThan(0.1);
  expect(found?.maxAbsDiff).toBeLessThanOrEqual(1);
});

it('does not let NaN pass as a small difference', async () => {
  await expect(parity(changed(3, 1, () => NaN))).rejects.toMatchObject({ code: 'NOT_FINITE' });
});

it('refuses logits of another count and no texts', async () => {
  await expect(parity(logits.slice(1))).rejects.toMatchObject({ code: 'USAGE' });
  const none = { ids: new Int32Array(0), offsets: Int32Array.of(0), featureRows: [] };
  await expect(parity([], none)).rejects.toMatchObject({ code: 'USAGE' });
});

it('refuses a file that onnxruntime cannot run', async () => {
  const path = await modelFile(exported(model).subarray(0, 300));
  await expectRefused(checkParity(path, texts, logits), 'MODEL', /onnxruntime cannot run/);
});

it.each([[-1], [11]])('refuses the token id %i', async (id) => {
  const ids = texts.ids.slice();
  ids[5] = id;
  await expect(parity(logits, { ...texts, ids })).rejects.toMatchObject({ code: 'MODEL' });
});

it('runs few long texts at once, and the numbers that a run has are bounded but for one text', async () => {
  const lengthsOfLong = [9000, 9000, 8000, 8000, 300, 20_000, 5];
  const long = { ...randomTexts(lengthsOfLong, model.config.vocabularySize), featureRows: [] };
  const runs = vi.spyOn(ModelSession.prototype, 'probabilities');
  onTestFinished(() => {
    runs.mockRestore();
  });
  const expected = lengthsOfLong.map((_, index) =>
    Float64Array.from(referenceLogits(model, textAt(long, index))),
  );
  const found = await parity(expected, long);
  expect(found?.n).toBe(7);
  expect(found?.maxAbsDiff).toBeLessThan(1e-5);
  expect(runs.mock.calls.map(([{ offsets }]) => offsets.length - 1)).toEqual([1, 1, 2, 1, 1, 1]);
  const numbers = (longest: number, count = 256): number => numbersOfParityRun(model.config, count, longest);
  expect(numbers(512)).toBe(32 * numbers(16));
  expect(numbers(512)).toBe(8 * numbers(512, 4));
  expect(numbers(10_000)).toBe(numbers(512));
  expect(numbers(2 ** 15)).toBe(2 * numbers(512));
});
