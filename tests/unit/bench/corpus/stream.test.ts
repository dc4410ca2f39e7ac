import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { measureStream } from '../../../../src/bench/corpus/stream.js';
import { dslLabels } from '../../../../src/datasets/dsl.js';
import { advError, put, temporaryFolder } from '../../support.js';

/** So many sentences of each class, of 11 characters; one of 1,000 more, of which a model reads 400. */
const sentences = (perClass: number): string =>
  dslLabels.flatMap((label) => Array<string>(perClass).fill(`dobrý den 1\t${label}\n`)).join('');

async function dataDirectory(): Promise<string> {
  const folder = await temporaryFolder();
  await put(folder, 'dsl/train-dev/train.txt', `${sentences(5)}${'x'.repeat(1000)}\tcz\n`);
  await put(folder, 'dsl/train-dev/devel.txt', sentences(1));
  await put(folder, 'dsl/gold/test-gold.txt', sentences(1));
  return folder;
}

it.runIf(process.platform === 'linux')('streams an epoch whole and trains on its first batches', async () => {
  const dataDir = await dataDirectory();
  const folder = await temporaryFolder();
  const { examples, cost, parts } = await measureStream({ dataset: 'dsl', dataDir }, folder, 2);
  const { firstPass, batches, training } = parts;
  expect(examples).toBe(71);
  // Begin and end belong to each text.
  const tokens = 70 * 13 + 402;
  expect([firstPass.tokens, batches.tokens]).toEqual([tokens, tokens]);
  expect(training.steps).toBe(2);
  expect(training.tokens).toBeGreaterThan(2 * 7 * 13);
  expect(training.tokens).toBeLessThanOrEqual(tokens);
  for (const { seconds } of [firstPass, batches, training]) expect(seconds).toBeGreaterThan(0);
  // What training takes is no part of it.
  expect(cost.seconds).toBeGreaterThanOrEqual(firstPass.seconds + batches.seconds);
  expect(cost.peakBytes).toBeGreaterThanOrEqual(cost.idleBytes);
  expect(await readdir(folder)).toEqual([]);
});

it.runIf(process.platform === 'linux')('trains on no more batches than there are', async () => {
  const dataDir = await dataDirectory();
  const { parts } = await measureStream({ dataset: 'dsl', dataDir }, dataDir, 1000);
  expect(parts.training).toMatchObject({ steps: 3, tokens: parts.batches.tokens });
});

it.runIf(process.platform === 'linux')('never looks for a corpus elsewhere', async () => {
  const dataDir = join(await temporaryFolder(), 'nothing');
  const wrong = advError('DATA_MISSING', /nothing\/dsl \(--data-dir\): lacks train-dev\/train\.txt/);
  await expect(measureStream({ dataset: 'dsl', dataDir }, '/', 1)).rejects.toThrow(wrong);
});
