import { expect, it } from 'vitest';
import { checksumEntry, isIntact } from '../../../src/inference/checksum.js';
import { readModel } from '../../../src/inference/model-file.js';
import { decodeModel, encodeModel } from '../../../src/inference/proto.js';
import { metadataEntries } from '../../../src/inference/metadata.js';
import { expectRefused, fileWith } from '../support.js';

const weights = new Float32Array([0.5, -0.25, 1]);
const model = encodeModel({
  irVersion: 8,
  opset: 17,
  producer: { name: 'advnative', version: '1' },
  description: '',
  graph: {
    name: 'classifier',
    nodes: [],
    tensors: [{ name: 'mlp.output.bias', dims: [3], values: weights }],
    inputs: [],
    outputs: [],
  },
  metadata: metadataEntries({
    tokenizer: ['characters@1'],
    vocabulary: ['<unk>', '<begin>', '<end>'],
    labels: ['a', 'b', 'c'],
    maxTokens: 5,
    training: {},
  }),
});
const file = Buffer.concat([checksumEntry(model), model]);

it('stands in front of a model, which reads as before', () => {
  expect(isIntact(file)).toBe(true);
  const { metadata, tensorDims } = decodeModel(file);
  expect(tensorDims).toEqual(decodeModel(model).tensorDims);
  expect(metadata.get('advnative.sha256')).toMatch(/^[0-9a-f]{64}$/u);
  expect(metadata.get('advnative')).toBe(decodeModel(model).metadata.get('advnative'));
});

it('notices every changed bit behind it, and in its digits', () => {
  const before = checksumEntry(model).length - 64;
  for (let place = before; place < file.length; place++) {
    const changed = Buffer.from(file);
    changed[place] = (changed[place] ?? 0) ^ (1 << (place % 8));
    expect(isIntact(changed), String(place)).toBe(false);
  }
  expect(isIntact(file.subarray(0, -1))).toBe(false);
});

it('is not asked of files of earlier versions, nor of what other programs wrote anew', () => {
  expect(isIntact(model)).toBe(true);
  expect(isIntact(Buffer.concat([model, checksumEntry(model), Buffer.from([8, 8])]))).toBe(true);
  for (const start of [0, 1, 30]) expect(isIntact(file.subarray(0, start))).toBe(true);
});

it('refuses a model of which a weight was changed', async () => {
  const changed = Buffer.from(file);
  const place = changed.indexOf(Buffer.from(weights.buffer));
  expect(place).toBeGreaterThan(0);
  changed[place] = 1;
  const path = await fileWith(changed, 'model.onnx');
  await expectRefused(
    readModel(path),
    'MODEL',
    `${path} is damaged: its checksum does not match its content`,
    /^Export the model again/,
  );
});
