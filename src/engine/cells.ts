import type { NativeCell, NativeClassifierConfig, NativePooling } from './addon.js';

/** What TypeScript knows of a recurrent cell; its formulas stand at the end of addon.ts. */
export interface CellFacts {
  /** For descriptions and tables. */
  readonly title: string;
  /** How the names of its tensors begin. */
  readonly prefix: 'gru' | 'gruCho' | 'lstm';
  /** Its gates, in the order in which their rows are stacked. */
  readonly gates: readonly string[];
  /** What a direction has, in the order of the flat parameter vector. */
  readonly parts: readonly CellPart[];
}

/** A tensor of one direction. */
export type CellPart = 'inputWeights' | 'recurrentWeights' | 'bias' | 'candidateBias';

/** The two ways in which a text is read, in the order of the flat parameter vector. */
export const directions = ['forward', 'reverse'] as const;
export type Direction = (typeof directions)[number];

/** Names of the tensors that a model has whatever its cell. */
export type PlainTensorName =
  | `embedding.${'table' | 'subwords'}`
  | `mlp.${'hidden' | 'output'}.${'weights' | 'bias'}`
  | `attention.${'weights' | 'bias' | 'context'}`;
export type CellTensorName = `${CellFacts['prefix']}${LayerNumber}.${Direction}.${CellPart}`;

/** The most recurrent layers. */
export const mostLayers = 8;
/** Of a layer in the names of its tensors: the lowest has none. */
export type LayerNumber = '' | '2' | '3' | '4' | '5' | '6' | '7' | '8';

/** The numbers of the layers of a model, the lowest first. */
export function layerNumbers(layers: number): LayerNumber[] {
  return Array.from({ length: layers }, (_, layer) => (layer === 0 ? '' : String(layer + 1)) as LayerNumber);
}
export type TensorName = PlainTensorName | CellTensorName;

/** Every cell by the name that options, records and the addon use. */
export const cells: Readonly<Record<NativeCell, CellFacts>> = {
  gru: {
    title: 'GRU',
    prefix: 'gru',
    gates: ['r', 'z', 'n'],
    parts: ['inputWeights', 'recurrentWeights', 'bias', 'candidateBias'],
  },
  'gru-cho': {
    title: 'GRU with the reset before the product',
    prefix: 'gruCho',
    gates: ['r', 'z', 'n'],
    parts: ['inputWeights', 'recurrentWeights', 'bias'],
  },
  lstm: {
    title: 'LSTM',
    prefix: 'lstm',
    gates: ['i', 'f', 'g', 'o'],
    parts: ['inputWeights', 'recurrentWeights', 'bias'],
  },
};

/** The names of the cells, the default one first. */
export const cellNames = Object.keys(cells) as readonly NativeCell[];

/** What the MLP can read of a text's states. */
export const poolingNames = ['last', 'max', 'mean', 'attention'] as const satisfies readonly NativePooling[];

/** True for the name of a cell. */
export function isCell(name: unknown): name is NativeCell {
  return (cellNames as readonly unknown[]).includes(name);
}

/** Name and shape of each tensor of a model, in the order of the flat parameter vector. */
export function modelTensors(
  config: NativeClassifierConfig,
): { readonly name: TensorName; readonly shape: readonly number[] }[] {
  const { vocabularySize: V, embeddingSize: E, hiddenSize: H, mlpSize: M, classCount: C } = config;
  const { prefix, gates, parts } = cells[config.cell];
  const rows = gates.length * H;
  const shapes = { recurrentWeights: [rows, H], bias: [rows], candidateBias: [H] };
  return [
    { name: 'embedding.table', shape: [V, E] },
    ...layerNumbers(config.layers).flatMap((number) =>
      directions.flatMap((direction) =>
        parts.map((part) => ({
          name: `${prefix}${number}.${direction}.${part}` as const,
          shape: part === 'inputWeights' ? [rows, number === '' ? E : 2 * H] : shapes[part],
        })),
      ),
    ),
    { name: 'mlp.hidden.weights', shape: [M, config.pooling.length * 2 * H] },
    { name: 'mlp.hidden.bias', shape: [M] },
    { name: 'mlp.output.weights', shape: [C, M] },
    { name: 'mlp.output.bias', shape: [C] },
    ...(config.pooling.includes('attention') ? attentionTensors(2 * H) : []),
    ...(config.buckets > 0 ? [{ name: 'embedding.subwords', shape: [config.buckets, E] } as const] : []),
  ];
}

/** What attention over states of this size trains. */
function attentionTensors(states: number) {
  return [
    { name: 'attention.weights', shape: [states, states] },
    { name: 'attention.bias', shape: [states] },
    { name: 'attention.context', shape: [1, states] },
  ] as const;
}

/** The length of the flat parameter vector of these tensors. */
export function parameterCount(tensors: readonly { readonly shape: readonly number[] }[]): number {
  return tensors.reduce((sum, { shape }) => sum + shape.reduce((size, side) => size * side, 1), 0);
}

/** The cell whose tensors these are; undefined when they are no cell's. */
export function cellOfTensors(names: readonly string[]): NativeCell | undefined {
  return cellNames.find((cell) => names.some((name) => name.startsWith(`${cells[cell].prefix}.`)));
}
