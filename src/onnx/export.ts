import { AdvError } from '../base/errors.js';
import type { NativeClassifierConfig, NativeTensorInfo } from '../engine/addon.js';
import { cells } from '../engine/cells.js';
import { packageVersion } from '../base/package.js';
import { metadataEntries, type ModelMetadata } from '../inference/metadata.js';
import { namedParameters, type Parameters } from './parameters.js';
import { encodeModel, type GraphNode, type GraphTensor, type GraphValue } from '../inference/proto.js';
import type { NgramBranch } from '../linear/branch.js';
import { ngramPart } from './ngrams.js';
import { operator, type GraphPart } from './operator.js';
import { needsTokens, pooledStates } from './pooling.js';
import { recurrentLayers } from './recurrent.js';
import { wordTable } from './word-vectors.js';

/** Versions that every consumer tried reads: onnxruntime from 1.13 on, and the checkers of that time. */
const irVersion = 8;
const opset = 17;

/** A protobuf message cannot be longer. */
const longestFile = 2 ** 31 - 1;

/** A trained network: names and shapes of its tensors are those of src/engine/cells.ts. */
export interface TrainedNetwork {
  readonly config: NativeClassifierConfig;
  /** Where each tensor lies in `parameters`. */
  readonly tensors: readonly NativeTensorInfo[];
  readonly parameters: Float32Array;
}

/**
 * A trained classifier as an ONNX file. Inputs of a network: `ids` int64 [batch, time], token ids in [0, V) where any of them may
 * fill a row up, and `lengths` int32 [batch], the tokens of each row, at least 1; where words have n-grams, ids are places in `words`,
 * see word-vectors.ts. N-grams of texts have two, see ngrams.ts. Outputs: `logits` and `probabilities`,
 * both float [batch, classes]. Batch and time are free; what fills a row up changes nothing.
 *
 * @param model.network if it has one
 * @param model.branch n-grams, if it has some: at least one of the two is there
 * @param model.metadata travels in the file, so that it alone classifies text
 * @returns the file's bytes, the same for the same model
 * @throws AdvError MODEL when shapes and metadata do not fit each other or the file would pass 2 GiB
 */
export function buildOnnxModel({
  network,
  branch,
  metadata,
}: {
  readonly network?: TrainedNetwork | undefined;
  readonly branch?: NgramBranch | undefined;
  readonly metadata: ModelMetadata;
}): Uint8Array {
  const { length: classCount } = metadata.labels;
  const recurrent =
    network && networkPart(network, metadata, branch === undefined ? 'logits' : 'networkLogits');
  if (branch !== undefined) requireSize('labels', branch.classifier.classCount, classCount);
  const ngrams = branch && ngramPart(branch, network !== undefined);
  const squared = network?.config.loss === 'squared';
  const parts = [recurrent, ngrams].filter((part) => part !== undefined);
  return encodeModel({
    irVersion,
    opset,
    producer: { name: 'advnative', version: packageVersion },
    description: `Text classifier: ${recurrent?.title ?? 'linear, of n-grams'}, ${squared ? 'normalised sigmoids' : 'softmax'}.`,
    graph: {
      name: 'classifier',
      nodes: [
        ...parts.flatMap(({ nodes }) => nodes),
        ...(squared ? normalisedSigmoids : softmaxOf('logits')),
      ],
      tensors: parts.flatMap(({ tensors }) => tensors),
      inputs: parts.flatMap(({ inputs }) => inputs),
      outputs: outputs(classCount, squared),
    },
    metadata: metadataEntries(metadata),
  });
}

/** The network, which makes the logits of that name. */
function networkPart(
  { config, tensors, parameters: values }: TrainedNetwork,
  metadata: ModelMetadata,
  logits: string,
): GraphPart & { readonly inputs: readonly GraphValue[]; readonly title: string } {
  requireSize('vocabulary tokens', config.vocabularySize, metadata.vocabulary?.length ?? 0);
  requireSize('labels', config.classCount, metadata.labels.length);
  requireSize('buckets of n-grams', config.buckets, metadata.subwords?.buckets ?? 0);
  if (values.byteLength > longestFile) {
    throw new AdvError(
      'MODEL',
      `an ONNX file holds less than ${longestFile} bytes, got ${values.byteLength} bytes of parameters`,
      'Train with a smaller vocabulary or embedding.',
    );
  }
  const parameters = namedParameters(config, tensors, values);
  const pooled = pooledStates(config, parameters);
  const words = wordTable(config.buckets, parameters);
  const recurrent = recurrentLayers(config, parameters, {
    input: 'embeddedByTime',
    everyState: needsTokens(config.pooling) ? 'everyState' : '',
    finalStates: config.pooling.includes('last') ? 'finalStates' : '',
  });
  return {
    title: `embedding, bidirectional ${cells[config.cell].title}, MLP with one hidden layer`,
    inputs: [...inputs, ...words.inputs],
    nodes: [...words.nodes, ...graphNodes(words.table, [...recurrent.nodes, ...pooled.nodes], logits)],
    tensors: [...plainTensors(parameters), ...words.tensors, ...recurrent.tensors, ...pooled.tensors],
  };
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

const softmaxOf = (scores: string): GraphNode[] => [
  operator('Softmax', [scores], 'probabilities', { axis: 1 }),
];

/** σ(z_c) / Σ σ(z_k), as the softmax of log σ(z) = −softplus(−z): a sum of sigmoids can be 0 in float. */
const normalisedSigmoids: readonly GraphNode[] = [
  operator('Neg', ['logits'], 'negatedLogits'),
  operator('Softplus', ['negatedLogits'], 'negatedLogSigmoids'),
  operator('Neg', ['negatedLogSigmoids'], 'logSigmoids'),
  ...softmaxOf('logSigmoids'),
];

function outputs(classCount: number, squared: boolean): GraphValue[] {
  const dims = ['batch', classCount];
  const scores = squared ? 'Scores before the sigmoid of each class.' : 'Scores before the softmax.';
  return [
    { name: 'logits', type: 'float', dims, description: scores },
    { name: 'probabilities', type: 'float', dims, description: 'Class probabilities.' },
  ];
}

/** The forward pass from a table of vectors, with what makes `text` of `embeddedByTime`. The recurrent layers want time first. */
function graphNodes(table: string, recurrent: readonly GraphNode[], logits: string): GraphNode[] {
  return [
    operator('Gather', [table, 'ids'], 'embedded', { axis: 0 }),
    operator('Transpose', ['embedded'], 'embeddedByTime', { perm: [1, 0, 2] }),
    ...recurrent,
    operator('Gemm', ['text', 'mlp.hidden.weights', 'mlp.hidden.bias'], 'hidden', { transB: 1 }),
    operator('Relu', ['hidden'], 'activeHidden'),
    operator('Gemm', ['activeHidden', 'mlp.output.weights', 'mlp.output.bias'], logits, { transB: 1 }),
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
