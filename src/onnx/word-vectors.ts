import { operator, type GraphPart } from './operator.js';
import type { GraphValue } from '../inference/proto.js';
import type { Parameters } from './parameters.js';

/** What the graph reads beside `ids`, which are places in `words` then. */
const inputs: readonly GraphValue[] = [
  { name: 'words', type: 'int64', dims: ['words'], description: 'Ids in the vocabulary of different words.' },
  { name: 'ngrams', type: 'int64', dims: ['ngrams'], description: 'Bucket of each n-gram of these words.' },
  { name: 'ngramWords', type: 'int64', dims: ['ngrams'], description: 'Place of its word in `words`.' },
  {
    name: 'ngramShares',
    type: 'float',
    dims: ['ngrams'],
    description: 'One over the number of n-grams of its word.',
  },
];

/** The table [rows, E] that `ids` are rows of, and what it is made of. */
interface WordTable extends GraphPart {
  readonly table: string;
  readonly inputs: readonly GraphValue[];
}

/** The vocabulary's table, or where words have n-grams each word's own vector and, by their shares, those of its n-grams. */
export function wordTable(buckets: number, parameters: Parameters): WordTable {
  if (buckets === 0) return { table: 'embedding.table', inputs: [], nodes: [], tensors: [] };
  const { shape, values } = parameters('embedding.subwords');
  return {
    table: 'wordVectors',
    inputs,
    nodes: [
      operator('Gather', ['embedding.table', 'words'], 'ownVectors', { axis: 0 }),
      operator('Gather', ['embedding.subwords', 'ngrams'], 'ngramVectors', { axis: 0 }),
      operator('Unsqueeze', ['ngramShares', 'ngramAxis'], 'sharesByNgram'),
      operator('Mul', ['ngramVectors', 'sharesByNgram'], 'ngramParts'),
      operator('Shape', ['ngramParts'], 'ngramPartsShape'),
      operator('Unsqueeze', ['ngramWords', 'ngramAxis'], 'wordsByNgram'),
      operator('Expand', ['wordsByNgram', 'ngramPartsShape'], 'wordOfParts'),
      operator('ScatterElements', ['ownVectors', 'wordOfParts', 'ngramParts'], 'wordVectors', {
        axis: 0,
        reduction: 'add',
      }),
    ],
    tensors: [
      { name: 'embedding.subwords', dims: shape, values },
      { name: 'ngramAxis', dims: [1], values: BigInt64Array.of(1n) },
    ],
  };
}
