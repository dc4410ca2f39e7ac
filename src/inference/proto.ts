import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type GraphProto,
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
  readonly attributes?: Readonly<Record<string, GraphAttribute>>;
}

/** What an operator is told: integers, a string or, as Loop, what it runs. */
export type GraphAttribute = number | readonly number[] | string | Graph;

/** An input or output of the graph; a dimension given as a string is free. */
export interface GraphValue {
  readonly name: string;
  readonly type: 'float' | 'int32' | 'int64' | 'bool';
  readonly dims: readonly (number | string)[];
  readonly description?: string;
}

/** Operators with their constants. One that another operator runs sees the values of the graph around it too. */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly tensors: readonly GraphTensor[];
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

/** A whole model file. */
export interface ModelFile {
  readonly irVersion: number;
  readonly opset: number;
  readonly producer: { readonly name: string; readonly version: string };
  readonly description: string;
  readonly graph: Graph;
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
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(model.irVersion),
      opsetImport: [{ domain: '', version: BigInt(model.opset) }],
      producerName: model.producer.name,
      producerVersion: model.producer.version,
      docString: model.description,
      graph: graphProto(model.graph),
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

function graphProto({ name, nodes, tensors, inputs, outputs }: Graph): GraphProto {
  return create(GraphProtoSchema, {
    name,
    node: nodes.map(nodeProto),
    initializer: tensors.map(tensorProto),
    input: inputs.map(valueProto),
    output: outputs.map(valueProto),
  });
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

function attributeProto(name: string, value: GraphAttribute): AttributeProto {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
  }
  if (typeof value === 'string') {
    const bytes = new TextEncoder().encode(value);
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.STRING, s: bytes });
  }
  if ('nodes' in value) {
    const g = graphProto(value);
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.GRAPH, g });
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
  bool: TensorProto_DataType.BOOL,
} as const;

function valueProto({ name, type, dims, description = '' }: GraphValue): ValueInfoProto {
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
