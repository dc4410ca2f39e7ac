import type { NativeClassifierConfig, NativePooling } from '../engine/addon.js';
import { operator, type GraphPart } from './operator.js';
import type { Parameters } from './parameters.js';

/** TensorProto's numbers of types, for Cast. */
const type = { float: 1, int64: 7 } as const;

/** Below every state, which is between −1 and 1: what stands behind a text's end is no maximum. */
const belowEveryState = -2;

/** What stands behind a text's end has minus this score, and so no weight. */
const largestFloat = (2 - 2 ** -23) * 2 ** 127;

/**
 * What the MLP reads, `text` [batch, P · 2H], of the recurrent layer's `finalStates` [2, batch, H] and `everyState`
 * [time, 2, batch, H], with `lengths` [batch] and `ids` [batch, time].
 */
export function pooledStates(
  { pooling, hiddenSize }: Pick<NativeClassifierConfig, 'pooling' | 'hiddenSize'>,
  parameters: Parameters,
): GraphPart {
  const ofTokens = needsTokens(pooling) ? tokens(hiddenSize) : { nodes: [], tensors: [] };
  const alone = pooling.length === 1;
  const parts = pooling.map((name) => poolings[name](alone ? 'text' : name, hiddenSize, parameters));
  return {
    nodes: [
      ...ofTokens.nodes,
      ...parts.flatMap(({ nodes }) => nodes),
      ...(alone ? [] : [operator('Concat', pooling, 'text', { axis: 1 })]),
    ],
    tensors: [...ofTokens.tensors, ...parts.flatMap(({ tensors }) => tensors)],
  };
}

/** Whether a list needs the states of all tokens. */
export function needsTokens(pooling: readonly NativePooling[]): boolean {
  return pooling.some((name) => name !== 'last');
}

/** `tokenStates` [batch, time, 2H], and `isToken` [batch, time, 1], which is false behind a text's end. */
function tokens(hiddenSize: number): GraphPart {
  return {
    nodes: [
      operator('Transpose', ['everyState'], 'statesByExample', { perm: [2, 0, 1, 3] }),
      operator('Reshape', ['statesByExample', 'tokensShape'], 'tokenStates'),
      operator('Shape', ['ids'], 'idsShape'),
      operator('Gather', ['idsShape', 'one'], 'time', { axis: 0 }),
      operator('Range', ['zero', 'time', 'one'], 'places'),
      operator('Cast', ['lengths'], 'lengthsOfPlaces', { to: type.int64 }),
      operator('Unsqueeze', ['lengthsOfPlaces', 'lastAxis'], 'ends'),
      operator('Less', ['places', 'ends'], 'isPlace'),
      operator('Unsqueeze', ['isPlace', 'lastAxis'], 'isToken'),
    ],
    tensors: [
      // 0 keeps batch and time as they are.
      { name: 'tokensShape', dims: [3], values: BigInt64Array.of(0n, 0n, BigInt(2 * hiddenSize)) },
      { name: 'zero', dims: [], values: BigInt64Array.of(0n) },
      { name: 'one', dims: [], values: BigInt64Array.of(1n) },
      { name: 'lastAxis', dims: [1], values: BigInt64Array.of(-1n) },
    ],
  };
}

type PoolingPart = (output: string, hiddenSize: number, parameters: Parameters) => GraphPart;

/** Each pooling as nodes whose last one gives `output` [batch, 2H]. */
const poolings: Readonly<Record<NativePooling, PoolingPart>> = {
  last: (output, hiddenSize) => ({
    nodes: [
      operator('Transpose', ['finalStates'], 'finalStatesByExample', { perm: [1, 0, 2] }),
      operator('Reshape', ['finalStatesByExample', 'textShape'], output),
    ],
    // 0 keeps the batch as it is.
    tensors: [{ name: 'textShape', dims: [2], values: BigInt64Array.of(0n, BigInt(2 * hiddenSize)) }],
  }),
  max: (output) => ({
    nodes: [
      operator('Where', ['isToken', 'tokenStates', 'belowEveryState'], 'statesOrLess'),
      operator('ReduceMax', ['statesOrLess'], output, { axes: [1], keepdims: 0 }),
    ],
    tensors: [{ name: 'belowEveryState', dims: [], values: Float32Array.of(belowEveryState) }],
  }),
  mean: (output) => ({
    nodes: [
      operator('Where', ['isToken', 'tokenStates', 'noState'], 'statesOrNone'),
      operator('ReduceSum', ['statesOrNone', 'timeAxis'], 'sums', { keepdims: 0 }),
      operator('Cast', ['ends'], 'counts', { to: type.float }),
      operator('Div', ['sums', 'counts'], output),
    ],
    tensors: [
      { name: 'noState', dims: [], values: Float32Array.of(0) },
      { name: 'timeAxis', dims: [1], values: BigInt64Array.of(1n) },
    ],
  }),
  attention: (output, _, parameters) => ({
    nodes: [
      operator('Transpose', ['attention.weights'], 'attentionMatrix', { perm: [1, 0] }),
      operator('MatMul', ['tokenStates', 'attentionMatrix'], 'attentionProducts'),
      operator('Add', ['attentionProducts', 'attention.bias'], 'attentionSums'),
      operator('Tanh', ['attentionSums'], 'attentionHidden'),
      operator('Transpose', ['attention.context'], 'attentionColumn', { perm: [1, 0] }),
      operator('MatMul', ['attentionHidden', 'attentionColumn'], 'attentionScores'),
      operator('Where', ['isToken', 'attentionScores', 'belowEveryScore'], 'scoresOrLess'),
      operator('Softmax', ['scoresOrLess'], 'attentionWeights', { axis: 1 }),
      operator('Where', ['isToken', 'tokenStates', 'unseenState'], 'attendedStates'),
      operator('Mul', ['attendedStates', 'attentionWeights'], 'weighedStates'),
      operator('ReduceSum', ['weighedStates', 'attentionAxis'], output, { keepdims: 0 }),
    ],
    tensors: [
      ...(['attention.weights', 'attention.bias', 'attention.context'] as const).map((name) => {
        const { shape, values } = parameters(name);
        return { name, dims: shape, values };
      }),
      { name: 'belowEveryScore', dims: [], values: Float32Array.of(-largestFloat) },
      { name: 'unseenState', dims: [], values: Float32Array.of(0) },
      { name: 'attentionAxis', dims: [1], values: BigInt64Array.of(1n) },
    ],
  }),
};
