import type { NgramBranch } from '../linear/branch.js';
import type { GraphTensor, GraphValue } from '../inference/proto.js';
import { operator, type GraphPart } from './operator.js';

/** What the n-grams add to the graph's inputs. */
const inputs: readonly GraphValue[] = [
  {
    name: 'features',
    type: 'int64',
    dims: ['batch', 'features'],
    description: 'Features of each text, rows filled up with any feature.',
  },
  {
    name: 'featureWeights',
    type: 'float',
    dims: ['batch', 'features'],
    description: 'TF-IDF weights of the features, rows filled up with 0.',
  },
];

/** The n-grams, which make `logits`: beside a network of `networkLogits`. Scales are part of the constants. */
export function ngramPart(
  branch: NgramBranch,
  besideNetwork: boolean,
): GraphPart & { readonly inputs: readonly GraphValue[] } {
  const { networkScale } = branch;
  const sum = besideNetwork
    ? [
        operator('Add', ['featureSums', 'ngrams.bias'], 'featureLogits'),
        operator('Mul', ['networkLogits', 'ngrams.networkScale'], 'scaledLogits'),
        operator('Add', ['scaledLogits', 'featureLogits'], 'logits'),
      ]
    : [operator('Add', ['featureSums', 'ngrams.bias'], 'logits')];
  const scale = { name: 'ngrams.networkScale', dims: [1], values: Float32Array.of(networkScale) };
  return {
    inputs,
    nodes: [
      operator('Gather', ['ngrams.weights', 'features'], 'weightsOfFeatures', { axis: 0 }),
      operator('Einsum', ['featureWeights', 'weightsOfFeatures'], 'featureSums', { equation: 'bf,bfc->bc' }),
      ...sum,
    ],
    tensors: besideNetwork ? [...constants(branch), scale] : constants(branch),
  };
}

function constants({ classifier, ngramScale }: NgramBranch): GraphTensor[] {
  const { classCount } = classifier;
  const features = classifier.features.count;
  const scaled = classifier.weightsOfClasses(ngramScale);
  const bias = scaled.slice(features * classCount);
  // A table without rows could be asked for none: without features, the bias stands where nothing is looked up.
  const table = features === 0 ? bias : scaled.subarray(0, features * classCount);
  return [
    { name: 'ngrams.weights', dims: [Math.max(features, 1), classCount], values: table },
    { name: 'ngrams.bias', dims: [classCount], values: bias },
  ];
}
