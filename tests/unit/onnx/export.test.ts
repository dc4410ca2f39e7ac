import { fromBinary } from '@bufbuild/protobuf';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ModelProtoSchema } from 'onnx-buf';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { NativeWords } from '../../../src/engine/addon.js';
import { cellNames } from '../../../src/engine/cells.js';
import { ModelSession } from '../../../src/inference/session.js';
import { packTexts } from '../../../src/text/packed.js';
import { exported, modelFile } from './fixtures.js';
import {
  randomModel,
  randomTexts,
  referenceLogits,
  softmax,
  textAt,
  type RandomModel,
} from './reference-classifier.js';

const lengths = [1, 2, 9, 3, 40, 1, 17, 5];

/** Two words of one id, one without n-grams, one with an n-gram twice. */
const buckets = 6;
const subwords = { shortest: 2, longest: 3, buckets };
const words: NativeWords = {
  ids: Int32Array.of(3, 0, 10, 3),
  offsets: Int32Array.of(0, 2, 2, 5, 6),
  buckets: Int32Array.of(5, 1, 2, 0, 2, 4),
};

/** Largest difference between the exported model, on one ragged batch, and the formulas in double. */
async function differenceFromReference(
  reference: RandomModel,
  bytes: Uint8Array,
  words?: NativeWords,
): Promise<number> {
  const ids = words?.ids.length ?? reference.config.vocabularySize;
  const texts = { ...randomTexts(lengths, ids), ...(words && { words }) };
  const session = await ModelSession.open(ort, bytes, 'test');
  const got = await session.probabilities({ ...texts, featureRows: [] });
  await session.release();
  const expected = lengths.flatMap((_, index) =>
    softmax(referenceLogits(reference, textAt(texts, index), words)),
  );
  expect(got).toHaveLength(expected.length);
  return largestDifference(expected, got);
}

/** Of the first numbers from those at the same places; NaN where there is none. */
function largestDifference(values: Iterable<number>, others: ArrayLike<number>): number {
  return Math.max(...Array.from(values, (value, place) => Math.abs(value - (others[place] ?? NaN))));
}

/** Runs the raw graph on a padded batch. */
async function rawRun(
  bytes: Uint8Array,
  ids: readonly number[],
  rowLengths: readonly number[],
): Promise<{ logits: Float32Array; probabilities: Float32Array }> {
  const session = await ort.InferenceSession.create(bytes);
  const batch = rowLengths.length;
  const result = await session.run({
    ids: new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), [batch, ids.length / batch]),
    lengths: new ort.Tensor('int32', Int32Array.from(rowLengths), [batch]),
  });
  await session.release();
  return {
    logits: result['logits']?.data as Float32Array,
    probabilities: result['probabilities']?.data as Float32Array,
  };
}

/** Swaps the rows of two gates in every tensor that has gates. */
function withSwappedGates(model: RandomModel, first: number, second: number): RandomModel {
  const parameters = model.parameters.slice();
  for (const { name, shape, offset } of model.tensors) {
    if (!/^(gru|gruCho|lstm)\..*(inputWeights|recurrentWeights|bias)$/.test(name)) continue;
    const gates = model.config.cell === 'lstm' ? 4 : 3;
    const size = shape.reduce((product, one) => product * one, 1) / gates;
    const at = (gate: number): number => offset + gate * size;
    parameters.set(model.parameters.subarray(at(second), at(second) + size), at(first));
    parameters.set(model.parameters.subarray(at(first), at(first) + size), at(second));
  }
  return { ...model, parameters };
}

describe.each(cellNames)('buildOnnxModel of %s', (cell) => {
  it.each([1, 2, 3])('computes the formulas on ragged texts (weights %i)', async (seed) => {
    const model = randomModel(seed, cell);
    expect(await differenceFromReference(model, exported(model))).toBeLessThan(1e-6);
  });

  it.each([
    [['max']],
    [['mean']],
    [['attention']],
    [['mean', 'last', 'max']],
    [['attention', 'mean', 'last', 'max']],
  ] as const)('pools ragged texts by %j as the formulas do', async (pooling) => {
    const model = randomModel(4, cell, pooling);
    expect(await differenceFromReference(model, exported(model))).toBeLessThan(1e-6);
    const zeros = await rawRun(exported(model), [1, 4, 2, 0, 0, 0, 1, 3, 5, 7, 6, 2], [3, 6]);
    const others = await rawRun(exported(model), [1, 4, 2, 10, 8, 9, 1, 3, 5, 7, 6, 2], [3, 6]);
    expect(others.logits).toEqual(zeros.logits);
  });

  it('computes several layers as the formulas do', async () => {
    for (const pooling of [['last'], ['max', 'last'], ['attention', 'last']] as const) {
      const model = randomModel(5, cell, pooling, 3);
      expect(await differenceFromReference(model, exported(model))).toBeLessThan(1e-6);
    }
  });

  it('adds the mean of the vectors of n-grams to those of words', async () => {
    const model = randomModel(6, cell, ['last'], 1, buckets);
    // A session takes the bytes over.
    const bytes = () => exported(model, { subwords });
    expect(await differenceFromReference(model, bytes(), words)).toBeLessThan(1e-6);
    const none = { ...words, offsets: new Int32Array(5), buckets: new Int32Array(0) };
    expect(await differenceFromReference(model, bytes(), none)).toBeLessThan(1e-6);
    const other = { ...words, buckets: words.buckets.map((bucket) => (bucket + 1) % buckets) };
    const texts = { ...randomTexts(lengths, 4), words: other };
    const expected = lengths.flatMap((_, index) =>
      softmax(referenceLogits(model, textAt(texts, index), words)),
    );
    const session = await ModelSession.open(ort, bytes(), 'test');
    expect(
      largestDifference(expected, await session.probabilities({ ...texts, featureRows: [] })),
    ).toBeGreaterThan(1e-4);
    await session.release();
  });

  it('adds up more n-grams than a round has', async () => {
    const model = randomModel(6, cell, ['last'], 1, buckets);
    const ngrams = [3, 9_000, 0, 5_000].map((count, word) =>
      Array.from({ length: count }, (_, place) => (7 * place + Math.floor(place / 11) + word) % buckets),
    );
    const { ids, offsets } = packTexts(ngrams);
    const many = { ids: Int32Array.of(3, 0, 10, 3), offsets, buckets: ids };
    expect(await differenceFromReference(model, exported(model, { subwords }), many)).toBeLessThan(1e-5);
  });

  it('differs by far when any two gates are mixed up: the comparison can fail', async () => {
    const model = randomModel(1, cell);
    const gates = cell === 'lstm' ? [0, 1, 2, 3] : [0, 1, 2];
    for (const second of gates) {
      for (const first of gates.slice(0, second)) {
        const wrong = exported(withSwappedGates(model, first, second));
        const difference = await differenceFromReference(model, wrong);
        expect(difference, `gates ${first} and ${second}`).toBeGreaterThan(1e-3);
      }
    }
  });

  it('uses every tensor: a change of any one changes the result', async () => {
    const model = randomModel(1, cell, ['last', 'attention']);
    for (const { shape, offset } of model.tensors) {
      const parameters = model.parameters.slice();
      const size = shape.reduce((product, one) => product * one, 1);
      for (let place = offset; place < offset + size; place += 1) parameters[place] = 0;
      expect(await differenceFromReference(model, exported({ ...model, parameters }))).toBeGreaterThan(1e-4);
    }
  });

  it('does not see what fills a row up', async () => {
    const bytes = exported(randomModel(1, cell));
    const zeros = await rawRun(bytes, [1, 4, 2, 0, 0, 0, 1, 3, 5, 7, 6, 2], [3, 6]);
    const others = await rawRun(bytes, [1, 4, 2, 10, 8, 9, 1, 3, 5, 7, 6, 2], [3, 6]);
    expect(others.logits).toEqual(zeros.logits);
  });

  it('gives a text the same result alone, in a batch and beside a longer text', async () => {
    const model = randomModel(1, cell);
    const alone = await rawRun(exported(model), [1, 4, 2], [3]);
    const together = await rawRun(exported(model), [1, 4, 2, 0, 0, 0, 1, 3, 5, 7, 6, 2], [3, 6]);
    expect(largestDifference(alone.probabilities, together.probabilities)).toBeLessThan(1e-6);
    expect(largestDifference(alone.logits, together.logits)).toBeLessThan(1e-5);
  });

  it('passes the reference checker of ONNX where Python has it', async () => {
    const script = fileURLToPath(new URL('../../golden/check_onnx.py', import.meta.url));
    const bytes = exported(randomModel(1, cell));
    const path = await modelFile(bytes);
    const checked = spawnSync('/usr/bin/python3', [script, path], { encoding: 'utf8' });
    const checkerIsMissing = checked.error !== undefined || checked.status === 3;
    // Without the checker what is left to assert is that onnxruntime takes the file, with every node resolved.
    const said = 'ok: IR 8, opset 17, logits [batch, 3], probabilities [batch, 3]\n';
    if (checkerIsMissing) await expect(rawRun(bytes, [1, 2], [2])).resolves.toHaveProperty('logits');
    else expect(checked.stderr + checked.stdout).toBe(said);
    if (checkerIsMissing) return;
    const withNgrams = await modelFile(exported(randomModel(1, cell, ['last'], 1, buckets), { subwords }));
    const { stdout, stderr } = spawnSync('/usr/bin/python3', [script, withNgrams], { encoding: 'utf8' });
    expect(stderr + stdout).toBe(said);
  });
});

describe('buildOnnxModel', () => {
  it('gives logits whose softmax are the probabilities', async () => {
    const { logits, probabilities } = await rawRun(exported(), [1, 4, 2], [3]);
    expect(largestDifference(softmax([...logits]), probabilities)).toBeLessThan(1e-6);
  });

  it('is the same bytes for the same model', () => {
    expect(exported()).toEqual(exported());
  });

  it('has the agreed versions, inputs and outputs, with batch and time free', () => {
    const model = fromBinary(ModelProtoSchema, exported());
    expect(model.irVersion).toBe(8n);
    expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 17n]]);
    expect(model.graph?.node.map((node) => node.opType)).toEqual(
      'Gather Transpose GRU Transpose Reshape Gemm Relu Gemm Softmax'.split(' '),
    );
    const shapes = [...(model.graph?.input ?? []), ...(model.graph?.output ?? [])].map(({ name, type }) => {
      const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
      return [name, tensor?.elemType, tensor?.shape?.dim.map((dim) => dim.value.value)];
    });
    expect(shapes).toEqual([
      ['ids', 7, ['batch', 'time']],
      ['lengths', 6, ['batch']],
      ['logits', 1, ['batch', 3n]],
      ['probabilities', 1, ['batch', 3n]],
    ]);
  });

  it.each([
    ['gru', 'GRU', { linear_before_reset: 1n }],
    ['gru-cho', 'GRU', { linear_before_reset: 0n }],
    ['lstm', 'LSTM', {}],
  ] as const)('writes %s as one bidirectional %s', (cell, operator, attributes) => {
    const nodes = fromBinary(ModelProtoSchema, exported(randomModel(1, cell))).graph?.node ?? [];
    const [recurrent, ...others] = nodes.filter(({ opType }) => opType === 'GRU' || opType === 'LSTM');
    expect(others).toEqual([]);
    expect(recurrent?.opType).toBe(operator);
    const text = new TextDecoder();
    const entries = recurrent?.attribute.map(({ name, i, s }) => [name, s.length > 0 ? text.decode(s) : i]);
    expect(Object.fromEntries(entries ?? [])).toEqual({
      ...{ direction: 'bidirectional', hidden_size: 7n },
      ...attributes,
    });
  });

  it.each([
    ['labels', { labels: ['one', 'two'] }, 'expected 3 labels, as the model has, got 2'],
    ['buckets', { subwords }, 'expected 0 buckets of n-grams, as the model has, got 6'],
    [
      'a vocabulary',
      { vocabulary: ['<unk>', '<begin>', '<end>'] },
      'expected 11 vocabulary tokens, as the model has, got 3',
    ],
  ])('refuses %s of another size', (_, how, message) => {
    expect(() => exported(randomModel(), how)).toThrow(message);
  });

  it('refuses tensors of another shape, missing ones and a short parameter vector', () => {
    const model = randomModel();
    const other = { ...model, config: { ...model.config, hiddenSize: 8 } };
    expect(() => exported(other)).toThrow('tensor gru.forward.inputWeights of shape [24, 5], got [21, 5]');
    const fewer = { ...model, tensors: model.tensors.slice(0, -1) };
    expect(() => exported(fewer)).toThrow('tensor mlp.output.bias of shape [3], got none');
    const short = { ...model, parameters: model.parameters.subarray(0, -1) };
    expect(() => exported(short)).toThrow('3 values of mlp.output.bias, got 2');
  });

  it('refuses the tensors of another cell', () => {
    const model = randomModel(1, 'gru-cho');
    const other = { ...model, config: { ...model.config, cell: 'lstm' as const } };
    expect(() => exported(other)).toThrow(
      'expected tensor lstm.forward.inputWeights of shape [28, 5], got none',
    );
  });
});
