import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf';

/** A constant of the graph. */
export interface GraphTensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** Row-major. */
  readonly values: Float32Array | BigInt64Array;
}

/** One operator. An empty output name means that the output is not wanted. */
export interface GraphNode {
  readonly operator: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | readonly number[] | string>>;
}

/** An input or output of the graph; a dimension given as a string is free. */
export interface GraphValue {
  readonly name: string;
  readonly type: 'float' | 'int32' | 'int64';
  readonly dims: readonly (number | string)[];
  readonly description: string;
}

/** A whole model file. */
export interface ModelFile {
  readonly irVersion: number;
  readonly opset: number;
  readonly producer: { readonly name: string; readonly version: string };
  readonly description: string;
  readonly graph: {
    readonly name: string;
    readonly nodes: readonly GraphNode[];
    readonly tensors: readonly GraphTensor[];
    readonly inputs: readonly GraphValue[];
    readonly outputs: readonly GraphValue[];
  };
  readonly metadata: Readonly<Record<string, string>>;
}

/** What of a model file matters before it runs. */
export interface ModelSummary {
  readonly metadata: ReadonlyMap<string, string>;
  /** Dimensions of the graph's constants by name. */
  readonly tensorDims: ReadonlyMap<string, readonly number[]>;
}

/** Bytes of an ONNX file; the same model gives the same bytes. */
export function encodeModel(model: ModelFile): Uint8Array {
  const { graph } = model;
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(model.irVersion),
      opsetImport: [{ domain: '', version: BigInt(model.opset) }],
      producerName: model.producer.name,
      producerVersion: model.producer.version,
      docString: model.description,
      graph: {
        name: graph.name,
        node: graph.nodes.map(nodeProto),
        initializer: graph.tensors.map(tensorProto),
        input: graph.inputs.map(valueProto),
        output: graph.outputs.map(valueProto),
      },
      metadataProps: Object.entries(model.metadata).map(([key, value]) => ({ key, value })),
    }),
  );
}

/**
 * Reads the metadata and the shapes of an ONNX file.
 *
 * @throws Error when the bytes are not a protobuf message of this kind
 */
export function decodeModel(bytes: Uint8Array): ModelSummary {
  const model = fromBinary(ModelProtoSchema, bytes);
  return {
    metadata: new Map(model.metadataProps.map(({ key, value }) => [key, value])),
    tensorDims: new Map((model.graph?.initializer ?? []).map(({ name, dims }) => [name, dims.map(Number)])),
  };
}

function nodeProto(node: GraphNode): NodeProto {
  return create(NodeProtoSchema, {
    opType: node.operator,
    name: node.name,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(node.attributes ?? {}).map(([name, value]) => attributeProto(name, value)),
  });
}

function attributeProto(name: string, value: number | readonly number[] | string): AttributeProto {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
  }
  if (typeof value === 'string') {
    const bytes = new TextEncoder().encode(value);
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.STRING, s: bytes });
  }
  return create(AttributeProtoSchema, {
    name,
    type: AttributeProto_AttributeType.INTS,
    ints: value.map((number) => BigInt(number)),
  });
}

function tensorProto({ name, dims, values }: GraphTensor): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: dims.map((dim) => BigInt(dim)),
    dataType: values instanceof Float32Array ? TensorProto_DataType.FLOAT : TensorProto_DataType.INT64,
    rawData: littleEndianBytes(values),
  });
}

/** raw_data is little-endian whatever the machine is. */
function littleEndianBytes(values: Float32Array | BigInt64Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  if (values instanceof Float32Array)
    values.forEach((value, place) => {
      view.setFloat32(4 * place, value, true);
    });
  else
    values.forEach((value, place) => {
      view.setBigInt64(8 * place, value, true);
    });
  return bytes;
}

const elementTypes = {
  float: TensorProto_DataType.FLOAT,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
} as const;

function valueProto({ name, type, dims, description }: GraphValue): ValueInfoProto {
  const dim = dims.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        typeof size === 'string'
          ? { case: 'dimParam', value: size }
          : { case: 'dimValue', value: BigInt(size) },
    }),
  );
  return create(ValueInfoProtoSchema, {
    name,
    docString: description,
    type: { value: { case: 'tensorType', value: { elemType: elementTypes[type], shape: { dim } } } },
  });
}
