import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recordedTokenizer } from '../../../src/text/tokenizers/pipeline.js';
import { Vocabulary } from '../../../src/text/vocabulary.js';
import { AdvError } from '../../../src/base/errors.js';
import { graphOnly } from '../../../src/inference/graph-only.js';
import { load } from '../../../src/inference/inference.js';
import { metadataEntries, metadataOf, type ModelMetadata } from '../../../src/inference/metadata.js';
import { readModel } from '../../../src/inference/model-file.js';
import { decodeModel } from '../../../src/inference/proto.js';
import { memoryFile } from '../fuzz/files.js';
import { fuzz, inputCount } from '../fuzz/fuzz.js';
import { mutatedJson } from '../fuzz/json-mutator.js';
import { mutatedBytes } from '../fuzz/mutator.js';
import { exported, metadata } from '../onnx/fixtures.js';

/** What load() does with metadata. */
function use({ tokenizer, vocabulary, labels, maxTokens, ngrams }: ModelMetadata): void {
  expect(labels.length).toBeGreaterThanOrEqual(2);
  if (tokenizer === undefined || vocabulary === undefined || maxTokens === undefined) {
    expect(ngrams).toBeDefined();
    return;
  }
  const refused = (problem: string): AdvError => new AdvError('MODEL', problem);
  const tokens = recordedTokenizer(tokenizer, refused).tokenize('ab č');
  const { ids } = Vocabulary.fromTokens(vocabulary).encode(tokens, maxTokens);
  expect(ids.every((id) => id >= 0 && id < vocabulary.length)).toBe(true);
}

test('any metadata is what classifying needs, or refused', async () => {
  const written = JSON.parse(metadataEntries(metadata)['advnative'] ?? '') as unknown;
  await fuzz({
    name: 'metadata of models',
    input: (random) => mutatedJson(random, [written]),
    read: (json) => {
      use(metadataOf(new Map([['advnative', json]]), 'model.onnx'));
    },
    refusals: ['MODEL'],
    moreThan: { valid: 1_000, refused: 3_000 },
  });
});

test('any model file is read or refused, and is closed', async () => {
  const path = memoryFile('model.onnx');
  const seeds = [Buffer.from(exported())];
  await fuzz({
    name: 'model files',
    input: (random) => mutatedBytes(random, { seeds, mostChanges: 2 }),
    read: async (bytes) => {
      writeFileSync(path, bytes);
      const stored = await readModel(path);
      expect(bytes.equals(stored.bytes)).toBe(true);
      use(stored.metadata);
    },
    refusals: ['MODEL'],
    moreThan: { valid: 1_000, refused: 3_000 },
  });
});

test('any model file is cut down to its graph, whose metadata is empty, or refused', async () => {
  const seeds = [Buffer.from(exported())];
  await fuzz({
    name: 'graphs of model files',
    input: (random) => mutatedBytes(random, { seeds, mostChanges: 2 }),
    read: (bytes) => {
      const graph = attempt(() => graphOnly(new Uint8Array(bytes)));
      expect(graph.length).toBeLessThanOrEqual(bytes.length);
      expect(attempt(() => decodeModel(graph)).metadata.size).toBe(0);
      expect(Buffer.compare(graphOnly(graph.slice()), graph)).toBe(0);
    },
    refusals: ['MODEL'],
    moreThan: { valid: 1_000, refused: 1_000 },
  });
});

/** What the reader of protobuf messages throws, as its callers throw it. */
function attempt<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new AdvError('MODEL', error.message);
  }
}

test('onnxruntime classifies by a damaged model, or refuses it', async () => {
  const path = memoryFile('model.onnx');
  const seeds = [Buffer.from(exported())];
  await fuzz({
    name: 'models',
    // It takes as long for one as this package's own part for a hundred.
    inputs: inputCount / 50,
    input: (random) => mutatedBytes(random, { seeds, mostChanges: 1 }),
    read: async (bytes) => {
      writeFileSync(path, bytes);
      const classifier = await load(path, { threads: 1 });
      try {
        const [first] = await classifier.classify(['ab č', '']);
        expect(classifier.labels).toContain(first?.label);
      } finally {
        await classifier.dispose();
      }
    },
    refusals: ['MODEL', 'NOT_FINITE'],
    moreThan: { valid: 20, refused: 50 },
  });
});
