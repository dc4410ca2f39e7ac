import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Random } from '../../../src/base/random.js';
import { cellNames, modelTensors, parameterCount } from '../../../src/engine/cells.js';
import { fingerprint, readCheckpoint, type CheckpointOwner } from '../../../src/training/checkpoint.js';
import { emptySums, throughput } from '../../../src/training/history.js';
import type { EpochRecord } from '../../../src/base/epoch-record.js';
import { readVocabulary } from '../../../src/training/read-run.js';
import { runPaths } from '../../../src/training/run-paths.js';
import { parseRecord, type RunRecord } from '../../../src/training/run-record.js';
import { requireSameData } from '../../../src/training/run-facts.js';
import { readSavedClassifier } from '../../../src/training/saved-classifier.js';
import { selectedModelOfFinishedRun } from '../../../src/training/selection.js';
import { memoryFile, memoryFolder } from '../fuzz/files.js';
import { fuzz } from '../fuzz/fuzz.js';
import { mutatedJson } from '../fuzz/json-mutator.js';
import { mutatedBytes } from '../fuzz/mutator.js';
import { epochRecord, recipe, record as begun } from './support.js';
import { configOf } from '../shapes.js';

const ownData: RunRecord = {
  ...begun,
  status: 'failed',
  finishedAt: '2018-05-07T12:30:00.000Z',
  recipe: {
    ...recipe,
    limit: 5,
    data: {
      ...{ train: '/a.csv', valid: null, test: '/b.csv' },
      ...{ format: 'csv', textColumn: 'text', labelColumn: null },
    },
  },
  versions: { node: '20.20.2' },
  machine: { platform: 'linux', memoryBytes: 1 },
  dataset: {
    ...begun.dataset,
    ...{ examples: { train: 1, valid: 1, test: 3 }, unknownShare: 0.25, notes: ['a pool'] },
    skipped: { count: 1, first: ['train.txt:3: empty'] },
  },
  error: { code: 'STORAGE', message: 'full' },
};
const record: RunRecord = {
  ...ownData,
  status: 'done',
  recipe,
  warnings: [{ code: 'WORSE_THAN_PRIOR', message: 'it learnt nothing' }],
  result: {
    best: { epoch: 2, validLoss: 0.5 },
    withoutLearning: { untrainedLoss: 0.7, priorLoss: 0.69, majorityAccuracy: 0.5, majorityLabel: 'a' },
    test: { n: 3, loss: 0.6, accuracy: 0.7, macroF1: 0.8 },
    throughput: { tokensPerSecond: 100, examplesPerSecond: 10 },
    onnxParity: { maxAbsDiff: 1e-7, n: 3 },
    peakMemoryBytes: 1000,
  },
};

test('any run.json is a record whose parts can be used, or refused', async () => {
  let done = 0;
  await fuzz({
    name: 'run.json',
    input: (random) => mutatedJson(random, [record, ownData]),
    read: (text) => {
      const read = parseRecord('run.json', text);
      // What commands do with it.
      requireSameData(read.dataset, read.dataset.files);
      expect(read.dataset.labels.join()).not.toBe('');
      expect(Object.keys(read.recipe).length + Object.keys(read.execution).length).toBeGreaterThan(20);
      if (read.status !== 'done' || read.result === undefined) return;
      expect(selectedModelOfFinishedRun('run', read).epoch).toBeGreaterThanOrEqual(1);
      done++;
    },
    refusals: ['RUN_DIRECTORY'],
    moreThan: { valid: 1_000, refused: 3_000 },
  });
  expect(done).toBeGreaterThan(300);
});

test('any vocabulary.json is a vocabulary, or refused', async () => {
  const folder = memoryFolder();
  const paths = runPaths(folder);
  mkdirSync(join(folder, 'checkpoint'));
  await fuzz({
    name: 'vocabulary.json',
    input: (random) => mutatedJson(random, [['<unk>', '<begin>', '<end>', ...'a b č ř the a_b'.split(' ')]]),
    read: async (text) => {
      writeFileSync(paths.vocabulary, text);
      const vocabulary = await readVocabulary(paths);
      if (vocabulary === undefined) throw new Error('there is a file');
      const { ids } = vocabulary.encode(['a', '<unk>', '', '__proto__'], 3);
      expect(ids.every((id) => id >= 0 && id < vocabulary.size)).toBe(true);
    },
    refusals: ['CHECKPOINT'],
    moreThan: { valid: 500, refused: 3_000 },
  });
});

/** Parts of a file of tensors, as the format has them. */
interface TensorFileParts {
  readonly entries: unknown;
  readonly document: string;
  readonly body: Buffer;
}

/** A file of tensors whose checksum is right, whatever else is wrong with it. */
function signed({ entries, document, body }: TensorFileParts): Buffer {
  const sha256 = createHash('sha256')
    .update(JSON.stringify([entries, document]))
    .update(body)
    .digest('hex');
  const header = Buffer.from(JSON.stringify({ __metadata__: { document, sha256 }, ...(entries as object) }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, body]);
}

function entriesOf(sizes: Readonly<Record<string, number>>): Record<string, unknown> {
  let end = 0;
  return Object.fromEntries(
    Object.entries(sizes).map(([name, size]) => {
      const begin = end;
      end += 4 * size;
      return [name, { dtype: 'F32', shape: [size], data_offsets: [begin, end] }];
    }),
  );
}

/** Bytes are changed in a whole file, or one of its parts, with a checksum that is right all the same. */
function damagedTensorFile(
  random: Random,
  entries: Record<string, unknown>,
  documents: readonly unknown[],
): Buffer {
  const places = Object.values(entries) as { data_offsets: readonly number[] }[];
  const body = Buffer.alloc(places.at(-1)?.data_offsets[1] ?? 0, 1);
  const whole = { entries, document: JSON.stringify(random.pick(documents)), body };
  switch (random.below(4)) {
    case 0:
      return mutatedBytes(random, { seeds: [signed(whole)], mostChanges: 2 });
    case 1: {
      const written = mutatedJson(random, [entries]);
      return signed({ ...whole, entries: parsed(written) ?? written });
    }
    default:
      return signed({ ...whole, document: mutatedJson(random, documents) });
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const untrained: EpochRecord = {
  ...{ ...epochRecord, epoch: 0, best: false },
  ...{ trainLoss: null, trainObjective: null, trainAccuracy: null, tokensPerSecond: null },
};

test('any checkpoint is a state to go on from, or refused', async () => {
  const path = memoryFile('last.safetensors');
  const tensors = [{ name: 'gru.forward.bias', shape: [3, 2], offset: 0 }];
  const owner: CheckpointOwner = { fingerprint: fingerprint('owner'), tensors, averages: false };
  const position = {
    ...{ epoch: 2, nextBatch: 3, sums: { ...emptySums, cleanLoss: 0.3 } },
    history: [untrained, epochRecord],
  };
  const whole = {
    ...{ format: 2, fingerprint: owner.fingerprint, model: ['gru.forward.bias [3, 2]'], step: 7 },
    position,
  };
  const early = { ...whole, position: { ...position, epoch: 0, history: [] } };
  const entries = entriesOf({ parameters: 6, firstMoment: 6, secondMoment: 6, best: 6 });
  await fuzz({
    name: 'checkpoints',
    input: (random) => damagedTensorFile(random, entries, [whole, early]),
    read: async (bytes) => {
      writeFileSync(path, bytes);
      const { position: from, engine, best } = await readCheckpoint(path, owner);
      expect([engine.parameters.length, engine.firstMoment.length, engine.secondMoment.length]).toEqual([
        6, 6, 6,
      ]);
      expect(best?.length).toBe(from.history.some(({ epoch }) => epoch > 0) ? 6 : undefined);
      expect(throughput(from.history, { examples: 1, tokens: 1 }).tokensPerSecond).toBeGreaterThanOrEqual(0);
    },
    refusals: ['CHECKPOINT'],
    moreThan: { valid: 500, refused: 5_000 },
  });
});

test('any saved classifier has the tensors of its shape, or is refused', async () => {
  const path = memoryFile('saved.safetensors');
  const config = configOf({ V: 3, E: 2, H: 2, M: 2, C: 2 }, {});
  // What was saved before there was a choice names no cell.
  const documents = [config, { ...config, cell: undefined }].map((one) => ({
    ...{ format: 'advnative classifier 1', config: one, step: 5 },
  }));
  const size = parameterCount(modelTensors(config));
  const entries = entriesOf({ parameters: size, firstMoment: size, secondMoment: size });
  await fuzz({
    name: 'saved classifiers',
    input: (random) => damagedTensorFile(random, entries, documents),
    read: async (bytes) => {
      writeFileSync(path, bytes);
      const saved = await readSavedClassifier(path);
      expect(cellNames).toContain(saved.config.cell);
      expect(saved.state.parameters).toHaveLength(parameterCount(modelTensors(saved.config)));
    },
    refusals: ['CHECKPOINT'],
    moreThan: { valid: 500, refused: 5_000 },
  });
});
