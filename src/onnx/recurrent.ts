import type { NativeCell, NativeClassifierConfig } from '../engine/addon.js';
import {
  cells,
  directions,
  layerNumbers,
  type CellPart,
  type Direction,
  type LayerNumber,
} from '../engine/cells.js';
import type { OnnxCell } from './cell.js';
import { gru } from './gru.js';
import { gruCho } from './gru-cho.js';
import { lstm } from './lstm.js';
import { operator, type GraphPart } from './operator.js';
import type { Parameters } from './parameters.js';
import type { GraphNode } from '../inference/proto.js';

const onnxCells: Readonly<Record<NativeCell, OnnxCell>> = { gru, 'gru-cho': gruCho, lstm };

/** Names of what a layer reads and gives; nobody wants an output without a name. */
interface Values {
  /** [time, batch, E], or [time, batch, 2H] of the layer below. */
  readonly input: string;
  /** The states after every token, [time, 2, batch, H]. */
  readonly everyState: string;
  /** The last states, [2, batch, H]. */
  readonly finalStates: string;
}

/** The bidirectional layers on top of each other, each a node; between two the directions are put side by side. */
export function recurrentLayers(
  config: Pick<NativeClassifierConfig, 'cell' | 'hiddenSize' | 'layers'>,
  parameters: Parameters,
  values: Values,
): GraphPart {
  const { cell, hiddenSize, layers } = config;
  const numbers = layerNumbers(layers);
  const parts = numbers.map((number, layer) => {
    const above = numbers[layer + 1];
    const reads = number === '' ? values.input : `states${number}`;
    if (above === undefined)
      return recurrentLayer(cell, hiddenSize, parameters, number, { ...values, input: reads });
    const every = `layer${layer + 1}States`;
    const part = recurrentLayer(cell, hiddenSize, parameters, number, {
      input: reads,
      everyState: every,
      finalStates: '',
    });
    return { ...part, nodes: [...part.nodes, ...sideBySide(every, `states${above}`)] };
  });
  return {
    nodes: parts.flatMap(({ nodes }) => nodes),
    tensors: [
      ...parts.flatMap(({ tensors }) => tensors),
      // 0 keeps time and batch as they are.
      ...(layers > 1
        ? [{ name: 'layerShape', dims: [3], values: BigInt64Array.of(0n, 0n, BigInt(2 * hiddenSize)) }]
        : []),
    ],
  };
}

/** From [time, 2, batch, H] to [time, batch, 2H]. */
function sideBySide(everyState: string, output: string): GraphNode[] {
  const byExample = `${everyState}ByExample`;
  return [
    operator('Transpose', [everyState], byExample, { perm: [0, 2, 1, 3] }),
    operator('Reshape', [byExample, 'layerShape'], output),
  ];
}

/**
 * A bidirectional layer as one node with its constants W [2, gates · H, inputs], R [2, gates · H, H] and
 * B [2, 2 · gates · H]: direction 0 is forward, 1 reverse, and B holds input biases, then recurrent ones.
 */
function recurrentLayer(
  cell: NativeCell,
  hiddenSize: number,
  parameters: Parameters,
  number: LayerNumber,
  values: Values,
): GraphPart {
  const { operator: cellOperator, attributes, gateOrder, recurrentBias } = onnxCells[cell];
  const { gates } = cells[cell];
  const prefix = `${cells[cell].prefix}${number}` as const;
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
  const inputSize = parameters(`${prefix}.forward.inputWeights`).shape[1] ?? 0;
  return {
    nodes: [
      {
        operator: cellOperator,
        name: prefix,
        inputs: [values.input, W, R, B, 'lengths'],
        outputs: [values.everyState, values.finalStates],
        attributes: { direction: 'bidirectional', hidden_size: hiddenSize, ...attributes },
      },
    ],
    tensors: [
      { name: W, dims: [2, rows, inputSize], values: stacked('inputWeights') },
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
