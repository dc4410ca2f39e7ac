import { join } from 'node:path';
import { expect, it } from 'vitest';
import { modelTensors, parameterCount } from '../../../src/engine/cells.js';
import { readTensorFile, writeTensorFile } from '../../../src/training/safetensors.js';
import { readSavedClassifier, writeSavedClassifier } from '../../../src/training/saved-classifier.js';
import { expectRefused, temporaryFolder } from '../support.js';
import { configOf } from '../shapes.js';

const config = configOf({ V: 3, E: 2, H: 2, M: 2, C: 2 }, { cell: 'lstm' });
const format = 'advnative classifier 1';
const vector = (first: number) =>
  Float32Array.from({ length: parameterCount(modelTensors(config)) }, (_, place) => first + place);
const state = { step: 7, parameters: vector(0), firstMoment: vector(1), secondMoment: vector(2) };

it('gives back what was saved', async () => {
  const path = join(await temporaryFolder(), 'saved');
  await writeSavedClassifier(path, { config, state });
  expect(await readSavedClassifier(path)).toEqual({ config, state });
});

it('gives back an average, and takes files from before there was one', async () => {
  const path = join(await temporaryFolder(), 'saved');
  const averaged = { config: { ...config, ema: 0.9 }, state: { ...state, average: vector(3) } };
  await writeSavedClassifier(path, averaged);
  expect(await readSavedClassifier(path)).toEqual(averaged);
  await writeSavedClassifier(path, { ...averaged, state });
  await expectRefused(readSavedClassifier(path), 'CHECKPOINT', /\d+ as secondMoment, none as average$/);
  await writeSavedClassifier(path, { config, state });
  const { tensors } = await readTensorFile(path);
  const { ema, ...earlier } = config;
  expect(ema).toBe(0);
  await writeTensorFile(path, { tensors, document: { format, config: earlier, step: 7 } });
  expect(await readSavedClassifier(path)).toEqual({ config, state });
});

it('gives back a classifier whose words have n-grams, and one that was saved before words could have them', async () => {
  const path = join(await temporaryFolder(), 'saved');
  const withBuckets = { ...config, buckets: 3 };
  const numbers = vector(0).length + 3 * config.embeddingSize;
  const larger = (first: number) => Float32Array.from({ length: numbers }, (_, place) => first + place);
  const largerState = { step: 7, parameters: larger(0), firstMoment: larger(1), secondMoment: larger(2) };
  await writeSavedClassifier(path, { config: withBuckets, state: largerState });
  expect(await readSavedClassifier(path)).toEqual({ config: withBuckets, state: largerState });
  await writeSavedClassifier(path, { config, state });
  const { tensors, document } = await readTensorFile(path);
  const { buckets, ...before } = config;
  expect(buckets).toBe(0);
  await writeTensorFile(path, { tensors, document: { ...(document as object), config: before } });
  expect(await readSavedClassifier(path)).toEqual({ config, state });
});

it('refuses sizes that its tensors do not have, before memory is taken for them', async () => {
  const path = join(await temporaryFolder(), 'saved');
  await writeSavedClassifier(path, { config: { ...config, hiddenSize: 2 ** 30 }, state });
  await expectRefused(
    readSavedClassifier(path),
    'CHECKPOINT',
    /is damaged: expected \S+ numbers in each of its tensors, got \d+ as parameters, \d+ as firstMoment, \d+ as secondMoment$/,
  );
  await writeSavedClassifier(path, { config: { ...config, hiddenSize: 2 ** 40 }, state });
  await expectRefused(
    readSavedClassifier(path),
    'CHECKPOINT',
    /is damaged: config\.hiddenSize: expected an integer from 1 to 2147483647, got 1099511627776$/,
  );
});

it.each([
  [null, /of format 'undefined'/],
  [{ format }, /is damaged: config: expected an object, got nothing/],
  [{ format, config: { ...config, seed: -1 }, step: 0 }, /config\.seed: expected/],
  [{ format, config: { ...config, unknownId: 3 }, step: 0 }, /config\.unknownId below 3/],
  [{ format, config, step: 0.5 }, /step: expected an integer/],
])('refuses the document %j', async (document, said) => {
  const path = join(await temporaryFolder(), 'saved');
  await writeSavedClassifier(path, { config, state });
  const { tensors } = await readTensorFile(path);
  await writeTensorFile(path, { tensors, document });
  await expectRefused(readSavedClassifier(path), 'CHECKPOINT', said);
});
