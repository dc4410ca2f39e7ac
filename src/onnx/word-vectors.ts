import { groupLength } from '../inference/grouped-ngrams.js';
import type { Graph, GraphValue } from '../inference/proto.js';
import { operator, type GraphPart } from './operator.js';
import type { Parameters } from './parameters.js';

/** What the graph reads beside `ids`, which are places in `words` then. */
const inputs: readonly GraphValue[] = [
  { name: 'words', type: 'int64', dims: ['words'], description: 'Ids in the vocabulary of different words.' },
  {
    name: 'ngrams',
    type: 'int64',
    dims: ['ngrams'],
    description: `Bucket of each n-gram of these words: ${groupLength} and ${groupLength} of one word, filled up with any bucket.`,
  },
  { name: 'ngramWords', type: 'int64', dims: ['ngrams'], description: 'Place of its word in `words`.' },
  {
    name: 'ngramShares',
    type: 'float',
    dims: ['ngrams'],
    description: 'One over the number of n-grams of its word; 0 where a group is filled up.',
  },
];

/** Groups whose vectors are in memory at once: 1 MiB of 64 numbers each. */
const groupsAtOnce = 512;

/** The table [rows, E] that `ids` are rows of, and what it is made of. */
interface WordTable extends GraphPart {
  readonly table: string;
  readonly inputs: readonly GraphValue[];
}

/**
 * The vocabulary's table, or where words have n-grams each word's own vector and, by their shares, those of its n-grams. These are added
 * to the words a number of groups after the other, so that memory does not grow with them, and within a group by a product, because
 * ScatterElements moves one number at a time.
 */
export function wordTable(buckets: number, parameters: Parameters): WordTable {
  if (buckets === 0) return { table: 'embedding.table', inputs: [], nodes: [], tensors: [] };
  const { shape, values } = parameters('embedding.subwords');
  return {
    table: 'wordVectors',
    inputs,
    nodes: [
      operator('Gather', ['embedding.table', 'words'], 'ownVectors', { axis: 0 }),
      operator('Reshape', ['ngrams', 'groups.rows'], 'ngramsOfGroups'),
      operator('Reshape', ['ngramShares', 'groups.factors'], 'sharesOfGroups'),
      operator('Reshape', ['ngramWords', 'groups.rows'], 'wordsOfNgrams'),
      operator('Slice', ['wordsOfNgrams', 'groups.zero', 'groups.one', 'groups.one'], 'wordsOfGroups'),
      operator('Shape', ['ngrams'], 'ngramCount'),
      operator('Add', ['ngramCount', 'groups.allButOne'], 'ngramCountAndMore'),
      operator('Div', ['ngramCountAndMore', 'groups.ngramsAtOnce'], 'rounds'),
      operator('Squeeze', ['rounds'], 'roundCount'),
      operator('Loop', ['roundCount', '', 'ownVectors'], 'wordVectors', { body: groupsAdded(shape) }),
    ],
    tensors: [
      { name: 'embedding.subwords', dims: shape, values },
      integers('groups.rows', -1, groupLength),
      integers('groups.factors', -1, 1, groupLength),
      integers('groups.zero', 0),
      integers('groups.one', 1),
      integers('groups.atOnce', groupsAtOnce),
      integers('groups.ngramsAtOnce', groupsAtOnce * groupLength),
      integers('groups.allButOne', groupsAtOnce * groupLength - 1),
    ],
  };
}

/** One round: adds the vectors of some groups to those of the words. */
function groupsAdded([, embedding = 0]: readonly number[]): Graph {
  const vectors = { type: 'float', dims: ['words', embedding] } as const;
  const ofRound = (list: string, name: string): ReturnType<typeof operator> =>
    operator('Slice', [list, 'firstGroup', 'endOfGroups', 'groups.zero'], name);
  return {
    name: 'groupsAdded',
    inputs: [
      { name: 'round', type: 'int64', dims: [] },
      { name: 'goesOn', type: 'bool', dims: [] },
      { name: 'vectorsBefore', ...vectors },
    ],
    nodes: [
      operator('Identity', ['goesOn'], 'goesOnAfter'),
      operator('Mul', ['round', 'groups.atOnce'], 'firstGroup'),
      operator('Add', ['firstGroup', 'groups.atOnce'], 'endOfGroups'),
      ofRound('ngramsOfGroups', 'roundNgrams'),
      ofRound('sharesOfGroups', 'roundShares'),
      ofRound('wordsOfGroups', 'roundWords'),
      operator('Gather', ['embedding.subwords', 'roundNgrams'], 'ngramVectors', { axis: 0 }),
      operator('MatMul', ['roundShares', 'ngramVectors'], 'groupRows'),
      operator('Squeeze', ['groupRows', 'groups.one'], 'groupVectors'),
      operator('Shape', ['groupVectors'], 'groupVectorsShape'),
      operator('Expand', ['roundWords', 'groupVectorsShape'], 'wordOfNumbers'),
      operator('ScatterElements', ['vectorsBefore', 'wordOfNumbers', 'groupVectors'], 'vectorsAfter', {
        axis: 0,
        reduction: 'add',
      }),
    ],
    tensors: [],
    outputs: [
      { name: 'goesOnAfter', type: 'bool', dims: [] },
      { name: 'vectorsAfter', ...vectors },
    ],
  };
}

function integers(name: string, ...values: readonly number[]): GraphPart['tensors'][number] {
  return { name, dims: [values.length], values: BigInt64Array.from(values, BigInt) };
}
