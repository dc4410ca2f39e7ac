import { AdvError } from '../base/errors.js';
import type { NativeClassifierConfig, NativeTensorInfo } from '../engine/addon.js';
import { cells } from '../engine/cells.js';
import { packageVersion } from '../base/package.js';
import { metadataEntries, type ModelMetadata } from '../inference/metadata.js';
import { namedParameters, type Parameters } from './parameters.js';
import { encodeModel, type GraphNode, type GraphTensor, type GraphValue } from '../inference/proto.js';
import type { NgramBranch } from '../linear/branch.js';
import { ngramPart } from './ngrams.js';
import { operator } from './operator.js';
import { needsTokens, pooledStates } from './pooling.js';
import { recurrentLayers } from './recurrent.js';
import { wordTable } from './word-vectors.js';

/** Versions that every consumer tried reads: onnxruntime from 1.13 on, and the checkers of that time. */
const irVersion = 8;
const opset = 17;

/** A protobuf message cannot be longer. */
const longestFile = 2 ** 31 - 1;

/**
 * A trained classifier as an ONNX file. Inputs: `ids` int64 [batch, time], token ids in [0, V) where any of them may
 * fill a row up, and `lengths` int32 [batch], the tokens of each row, at least 1; where words have n-grams, ids are places in `words`,
 * see word-vectors.ts, and n-grams of texts are two more, see ngrams.ts. Outputs: `logits` and `probabilities`,
 * both float [batch, classes]. Batch and time are free; what fills a row up changes nothing.
 *
 * @param model.tensors where each tensor lies in `parameters`; names and shapes of src/engine/cells.ts
 * @param model.metadata travels in the file, so that it alone classifies text
 * @param model.branch n-grams beside the network
 * @returns the file's bytes, the same for the same model
 * @throws AdvError MODEL when shapes and metadata do not fit each other or the file would pass 2 GiB
 */
export function buildOnnxModel(model: {
  readonly config: NativeClassifierConfig;
  readonly tensors: readonly NativeTensorInfo[];
  readonly parameters: Float32Array;
  readonly metadata: ModelMetadata;
  readonly branch?: NgramBranch | undefined;
}): Uint8Array {
  const { config, metadata } = model;
  requireSize('vocabulary tokens', config.vocabularySize, metadata.vocabulary.length);
  requireSize('labels', config.classCount, metadata.labels.length);
  requireSize('buckets of n-grams', config.buckets, metadata.subwords?.buckets ?? 0);
  if (model.parameters.byteLength > longestFile) {
    throw new AdvError(
      'MODEL',
      `an ONNX file holds less than ${longestFile} bytes, got ${model.parameters.byteLength} bytes of parameters`,
      'Train with a smaller vocabulary or embedding.',
    );
  }
  const parameters = namedParameters(config, model.tensors, model.parameters);
  const pooled = pooledStates(config, parameters);
  const words = wordTable(config.buckets, parameters);
  const recurrent = recurrentLayers(config, parameters, {
    input: 'embeddedByTime',
    everyState: needsTokens(config.pooling) ? 'everyState' : '',
    finalStates: config.pooling.includes('last') ? 'finalStates' : '',
  });
  const ngrams = model.branch && ngramPart(model.branch);
  return encodeModel({
    irVersion,
    opset,
    producer: { name: 'advnative', version: packageVersion },
    description: `Text classifier: embedding, bidirectional ${cells[config.cell].title}, MLP with one hidden layer, softmax.`,
    graph: {
      name: 'classifier',
      nodes: [
        ...words.nodes,
        ...graphNodes(words.table, [...recurrent.nodes, ...pooled.nodes], ngrams?.nodes ?? []),
      ],
      tensors: [
        ...plainTensors(parameters),
        ...words.tensors,
        ...recurrent.tensors,
        ...pooled.tensors,
        ...(ngrams?.tensors ?? []),
      ],
      inputs: [...inputs, ...words.inputs, ...(ngrams?.inputs ?? [])],
      outputs: outputs(config.classCount),
    },
    metadata: metadataEntries(metadata),
  });
}

const inputs: readonly GraphValue[] = [
  {
    name: 'ids',
    type: 'int64',
    dims: ['batch', 'time'],
    description: 'Token ids, rows filled up with any id.',
  },
  { name: 'lengths', type: 'int32', dims: ['batch'], description: 'Number of tokens of each row.' },
];

function outputs(classCount: number): GraphValue[] {
  const dims = ['batch', classCount];
  return [
    { name: 'logits', type: 'float', dims, description: 'Scores before the softmax.' },
    { name: 'probabilities', type: 'float', dims, description: 'Class probabilities.' },
  ];
}

/**
 * The forward pass from a table of vectors, with what makes `text` of `embeddedByTime`, and `logits` of `networkLogits` where there are
 * n-grams of texts. The recurrent layers want time first.
 */
function graphNodes(
  table: string,
  recurrent: readonly GraphNode[],
  ngrams: readonly GraphNode[],
): GraphNode[] {
  const output = ngrams.length === 0 ? 'logits' : 'networkLogits';
  return [
    operator('Gather', [table, 'ids'], 'embedded', { axis: 0 }),
    operator('Transpose', ['embedded'], 'embeddedByTime', { perm: [1, 0, 2] }),
    ...recurrent,
    operator('Gemm', ['text', 'mlp.hidden.weights', 'mlp.hidden.bias'], 'hidden', { transB: 1 }),
    operator('Relu', ['hidden'], 'activeHidden'),
    operator('Gemm', ['activeHidden', 'mlp.output.weights', 'mlp.output.bias'], output, { transB: 1 }),
    ...ngrams,
    operator('Softmax', ['logits'], 'probabilities', { axis: 1 }),
  ];
}

function plainTensors(parameters: Parameters): GraphTensor[] {
  const names = [
    'embedding.table',
    'mlp.hidden.weights',
    'mlp.hidden.bias',
    'mlp.output.weights',
    'mlp.output.bias',
  ] as const;
  return names.map((name) => {
    const { shape, values } = parameters(name);
    return { name, dims: shape, values };
  });
}

function requireSize(name: string, expected: number, got: number): void {
  if (expected === got) return;
  throw new AdvError('MODEL', `the export expected ${expected} ${name}, as the model has, got ${got}`);
}
