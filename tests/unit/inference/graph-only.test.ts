import { create, toBinary } from '@bufbuild/protobuf';
import { GraphProtoSchema, ModelProtoSchema, NodeProtoSchema, ValueInfoProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { graphOnly } from '../../../src/inference/graph-only.js';
import type { OnnxRuntime } from '../../../src/inference/runtime.js';
import { ModelSession } from '../../../src/inference/session.js';
import { exported } from '../onnx/fixtures.js';
import { randomModel } from '../onnx/reference-classifier.js';

/** What only a user of the data knows. */
const secret = 'Zyxwortha';

/** A model that computes x + x, with the secret wherever a file can describe something, or with no description and the least names. */
function doubling(described: boolean): Uint8Array {
  const told = described ? { docString: secret, metadataProps: [{ key: secret, value: secret }] } : {};
  const name = { name: described ? secret : 'g' };
  const tensor = { name: 'x', dims: [1n], dataType: 1, rawData: Uint8Array.of(0, 0, 128, 63), ...told };
  const value = create(ValueInfoProtoSchema, {
    name: 'y',
    type: { value: { case: 'tensorType', value: { elemType: 1 } } },
    ...told,
  });
  const inner = create(GraphProtoSchema, { ...name, ...told, node: [{ opType: 'Identity', ...told }] });
  const attribute = { name: 'body', g: inner, ...(described ? { docString: secret } : {}) };
  const node = create(NodeProtoSchema, { opType: 'Add', input: ['x', 'x'], output: ['y'], ...told });
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    ...(described ? { producerName: secret, producerVersion: secret, domain: secret, modelVersion: 7n } : {}),
    ...(described ? { trainingInfo: [{ initialization: { name: secret } }] } : {}),
    opsetImport: [{ domain: 'kept', version: 17n }],
    graph: {
      ...name,
      ...told,
      node: [node, create(NodeProtoSchema, { opType: 'If', attribute: [attribute], ...told })],
      initializer: [tensor],
      output: [value],
    },
    ...told,
  });
  return toBinary(ModelProtoSchema, model);
}

/** Field 99, which no version of ONNX has. */
function unknownField(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x9a, 0x06, text.length]), Buffer.from(text)]);
}

describe('graphOnly', () => {
  it('leaves out every description at any depth and what it does not know, and nothing else', () => {
    const model = new Uint8Array([...doubling(true), ...unknownField(secret)]);
    expect(graphOnly(model)).toEqual(doubling(false));
    expect(Buffer.from(model).includes(secret)).toBe(false);
  });

  it('changes nothing where nothing is to be left out', () => {
    const once = graphOnly(exported()).slice();
    expect(graphOnly(once.slice())).toEqual(once);
  });

  it('copies no tensor: the result lies in the memory of the model', () => {
    const model = exported();
    expect(graphOnly(model).buffer).toBe(model.buffer);
  });

  it('refuses what is no model', () => {
    expect(() => graphOnly(new TextEncoder().encode('this is not a model\n'))).toThrow();
    expect(() => graphOnly(exported().subarray(0, 300))).toThrow();
  });
});

describe('the runtime', () => {
  const words = ['Zyxwortha', 'Quillbeam', 'Projekt-Geheim'];
  const metadata = {
    vocabulary: ['<unk>', '<begin>', '<end>', words[0] ?? '', 'a', 'b', 'c', 'd', 'e', 'f', 'g'],
    labels: [words[1] ?? '', words[2] ?? '', 'third'],
    training: { dataset: 'Quillbeam.tsv' },
  };

  it('never sees a word, a label, a step of the tokenizer or a fact of the training', async () => {
    const seen: Buffer[] = [];
    const create = (bytes: Uint8Array): Promise<object> => {
      seen.push(Buffer.from(bytes.buffer));
      return Promise.resolve({});
    };
    const runtime = { InferenceSession: { create } } as unknown as OnnxRuntime;
    const bytes = exported(randomModel(), metadata);
    const told = [...words, 'characters', 'dataset', 'advnative', 'classifier'];
    for (const text of told) expect(Buffer.from(bytes).includes(text), text).toBe(true);
    await ModelSession.open(runtime, bytes, '/home/Quillbeam/model.onnx');
    expect(seen).toHaveLength(1);
    for (const text of told) expect(seen[0]?.includes(text), text).toBe(false);
  });
});
