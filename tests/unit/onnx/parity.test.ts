import { expect, it } from 'vitest';
import { checkParity } from '../../../src/onnx/parity.js';
import { exported, modelFile } from './fixtures.js';
import { randomModel, randomTexts, referenceLogits, textAt } from './reference-classifier.js';
import { expectRefused } from '../support.js';

const model = randomModel();
const lengths = Array.from({ length: 70 }, (_, index) => 1 + ((index * 7) % 23));
const texts = randomTexts(lengths, model.config.vocabularySize);
const logits = Float32Array.from(lengths.flatMap((_, index) => referenceLogits(model, textAt(texts, index))));

it('finds almost no difference between the export and the same model', async () => {
  const parity = await checkParity(await modelFile(exported(model)), texts, logits, 3);
  expect(parity?.n).toBe(70);
  expect(parity?.maxAbsDiff).toBeGreaterThan(0);
  expect(parity?.maxAbsDiff).toBeLessThan(1e-6);
});

it('finds the one text that differs, in the last batch too', async () => {
  const changed = logits.slice();
  changed[3 * 69 + 1] = (changed[3 * 69 + 1] ?? 0) + 1;
  const parity = await checkParity(await modelFile(exported(model)), texts, changed, 3);
  expect(parity?.maxAbsDiff).toBeGreaterThan(0.01);
});

it('takes logits whose exponential overflows', async () => {
  const large = new Float32Array(logits.length).map((_, place) => (place % 3 === 0 ? 1000 : -1000));
  const parity = await checkParity(await modelFile(exported(model)), texts, large, 3);
  expect(parity?.maxAbsDiff).toBeGreaterThan(0.1);
  expect(parity?.maxAbsDiff).toBeLessThanOrEqual(1);
});

it('does not let NaN pass as a small difference', async () => {
  const broken = logits.slice();
  broken[10] = NaN;
  await expect(checkParity(await modelFile(exported(model)), texts, broken, 3)).rejects.toMatchObject({
    code: 'NOT_FINITE',
  });
});

it('refuses logits of another count and no texts', async () => {
  const path = await modelFile(exported(model));
  await expect(checkParity(path, texts, logits.subarray(1), 3)).rejects.toMatchObject({ code: 'USAGE' });
  const none = { ids: new Int32Array(0), offsets: Int32Array.of(0) };
  await expect(checkParity(path, none, new Float32Array(0), 3)).rejects.toMatchObject({ code: 'USAGE' });
});

it('refuses a file that onnxruntime cannot run', async () => {
  const path = await modelFile(exported(model).subarray(0, 300));
  await expectRefused(checkParity(path, texts, logits, 3), 'MODEL', /onnxruntime cannot run/);
});

it.each([[-1], [11]])('refuses the token id %i', async (id) => {
  const ids = texts.ids.slice();
  ids[5] = id;
  await expect(
    checkParity(await modelFile(exported(model)), { ...texts, ids }, logits, 3),
  ).rejects.toMatchObject({
    code: 'MODEL',
  });
});
