import type { NativeCell } from '../engine/addon.js';
import { cells, directions, type CellPart, type Direction } from '../engine/cells.js';
import type { OnnxCell } from './cell.js';
import { gru } from './gru.js';
import { gruCho } from './gru-cho.js';
import { lstm } from './lstm.js';
import type { Parameters } from './parameters.js';
import type { GraphNode, GraphTensor } from '../inference/proto.js';

const onnxCells: Readonly<Record<NativeCell, OnnxCell>> = { gru, 'gru-cho': gruCho, lstm };

/** The recurrent layer of a graph. */
export interface RecurrentLayer {
  readonly node: GraphNode;
  readonly tensors: readonly GraphTensor[];
}

/**
 * The bidirectional recurrent layer as one node with its constants W [2, gates · H, E], R [2, gates · H, H] and
 * B [2, 2 · gates · H]: direction 0 is forward, 1 reverse, and B holds input biases, then recurrent ones.
 *
 * @param values.input name of the embedded tokens, [time, batch, E]
 * @param values.lengths name of the tokens of each text
 * @param values.everyState name of the states after every token, [time, 2, batch, H]; empty when nobody wants them
 * @param values.finalStates name of the last states, [2, batch, H]; likewise
 */
export function recurrentLayer(
  cell: NativeCell,
  hiddenSize: number,
  parameters: Parameters,
  values: {
    readonly input: string;
    readonly lengths: string;
    readonly everyState: string;
    readonly finalStates: string;
  },
): RecurrentLayer {
  const { operator, attributes, gateOrder, recurrentBias } = onnxCells[cell];
  const { prefix, gates } = cells[cell];
  const [W, R, B] = [`${prefix}.W`, `${prefix}.R`, `${prefix}.B`];
  const rows = gates.length * hiddenSize;
  const part = (direction: Direction, name: CellPart): Float32Array =>
    parameters(`${prefix}.${direction}.${name}`).values;
  const stacked = (name: CellPart): Float32Array =>
    concatenate(directions.map((direction) => reorderGates(part(direction, name), gateOrder)));
  const biases = directions.flatMap((direction) => [
    reorderGates(part(direction, 'bias'), gateOrder),
    recurrentBias((name) => part(direction, name), hiddenSize),
  ]);
  const embeddingSize = parameters('embedding.table').shape[1] ?? 0;
  return {
    node: {
      operator,
      name: prefix,
      inputs: [values.input, W, R, B, values.lengths],
      outputs: [values.everyState, values.finalStates],
      attributes: { direction: 'bidirectional', hidden_size: hiddenSize, ...attributes },
    },
    tensors: [
      { name: W, dims: [2, rows, embeddingSize], values: stacked('inputWeights') },
      { name: R, dims: [2, rows, hiddenSize], values: stacked('recurrentWeights') },
      { name: B, dims: [2, 2 * rows], values: concatenate(biases) },
    ],
  };
}

/** Reorders a tensor whose equal parts belong to gates. */
function reorderGates(values: Float32Array, order: readonly number[]): Float32Array {
  const size = values.length / order.length;
  return concatenate(order.map((gate) => values.subarray(gate * size, (gate + 1) * size)));
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
