import type {
  NativeCell,
  NativeClassifierConfig,
  NativePooling,
  NativeTensorInfo,
  NativeTexts,
  NativeWords,
} from '../../../src/engine/addon.js';
import { packTexts } from '../../../src/text/packed.js';
import { configOf } from '../shapes.js';

/** A classifier with random weights, in the form in which the engine hands them out. */
export interface RandomModel {
  readonly config: NativeClassifierConfig;
  readonly tensors: NativeTensorInfo[];
  readonly parameters: Float32Array;
}

/** Deterministic uniform numbers in (-1, 1): a linear congruential generator is random enough for weights. */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32) * 2 - 1;
  };
}

const prefixes: Readonly<Record<NativeCell, string>> = { gru: 'gru', 'gru-cho': 'gruCho', lstm: 'lstm' };

function prefixOf(cell: NativeCell, layer: number, direction: string): string {
  return `${prefixes[cell]}${layer === 0 ? '' : layer + 1}.${direction}`;
}

/** Different sizes everywhere, so that a transposed or swapped tensor cannot fit. */
export function randomModel(
  seed = 1,
  cell: NativeCell = 'gru',
  pooling: readonly NativePooling[] = ['last'],
  layers = 1,
  buckets = 0,
  C = 3,
): RandomModel {
  const dimensions = { V: 11, E: 5, H: 7, M: 6, C };
  const { V, E, H, M } = dimensions;
  const config = configOf(dimensions, { cell, pooling, layers, buckets, embeddingRange: 1 });
  const rows = (cell === 'lstm' ? 4 : 3) * H;
  const ofDirection = (layer: number, direction: string): [string, number[]][] => {
    const prefix = prefixOf(cell, layer, direction);
    return [
      [`${prefix}.inputWeights`, [rows, layer === 0 ? E : 2 * H]],
      [`${prefix}.recurrentWeights`, [rows, H]],
      [`${prefix}.bias`, [rows]],
      ...(cell === 'gru' ? [[`${prefix}.candidateBias`, [H]] as [string, number[]]] : []),
    ];
  };
  const shapes: [string, number[]][] = [
    ['embedding.table', [V, E]],
    ...Array.from({ length: layers }, (_, layer) => layer).flatMap((layer) => [
      ...ofDirection(layer, 'forward'),
      ...ofDirection(layer, 'reverse'),
    ]),
    ['mlp.hidden.weights', [M, pooling.length * 2 * H]],
    ['mlp.hidden.bias', [M]],
    ['mlp.output.weights', [C, M]],
    ['mlp.output.bias', [C]],
    ...(pooling.includes('attention') ? attentionShapes(2 * H) : []),
    ...(buckets > 0 ? [['embedding.subwords', [buckets, E]] as [string, number[]]] : []),
  ];
  let offset = 0;
  const tensors = shapes.map(([name, shape]) => {
    const tensor = { name, shape, offset };
    offset += shape.reduce((product, size) => product * size, 1);
    return tensor;
  });
  const random = uniform(seed);
  return { config, tensors, parameters: Float32Array.from({ length: offset }, random) };
}

function attentionShapes(S: number): [string, number[]][] {
  return [
    ['attention.weights', [S, S]],
    ['attention.bias', [S]],
    ['attention.context', [1, S]],
  ];
}

/** Random texts of the given lengths. */
export function randomTexts(lengths: readonly number[], vocabularySize: number, seed = 2): NativeTexts {
  const random = uniform(seed);
  const id = (): number => Math.floor(((random() + 1) / 2) * vocabularySize);
  return packTexts(lengths.map((length) => Array.from({ length }, id)));
}

/** Token ids of text `index`. */
export function textAt(texts: NativeTexts, index: number): number[] {
  return [...texts.ids.subarray(texts.offsets[index], texts.offsets[index + 1])];
}

/**
 * Logits of one text in double, unit by unit as the formulas at the end of src/engine/addon.ts stand, each direction
 * ending at its own last token.
 *
 * @param words where words have n-grams: ids are places in these
 */
export function referenceLogits(model: RandomModel, ids: readonly number[], words?: NativeWords): number[] {
  const embedded = ids.map((id) => wordVector(model, id, words));
  let forward: (readonly number[])[] = [];
  let reverse: (readonly number[])[] = [];
  let tokens: readonly (readonly number[])[] = embedded;
  for (let layer = 0; layer < model.config.layers; layer++) {
    forward = statesOf(model, layer, 'forward', tokens);
    reverse = statesOf(model, layer, 'reverse', tokens.toReversed());
    tokens = forward.map((state, place) => [...state, ...at(reverse, reverse.length - 1 - place)]);
  }
  const pooled: Readonly<Record<NativePooling, () => number[]>> = {
    last: () => [...at(forward, forward.length - 1), ...at(reverse, reverse.length - 1)],
    max: () => at(tokens, 0).map((_, unit) => Math.max(...tokens.map((state) => at(state, unit)))),
    mean: () => at(tokens, 0).map((_, unit) => sum(tokens.map((state) => at(state, unit))) / tokens.length),
    attention: () => attended(model, tokens),
  };
  const text = model.config.pooling.flatMap((name) => pooled[name]());
  const hidden = affine(tensor(model, 'mlp.hidden.weights'), text, vector(model, 'mlp.hidden.bias'));
  const active = hidden.map((value) => Math.max(value, 0));
  return affine(tensor(model, 'mlp.output.weights'), active, vector(model, 'mlp.output.bias'));
}

/** The states of a text's tokens, each weighed by the softmax of its score. */
function attended(model: RandomModel, tokens: readonly (readonly number[])[]): number[] {
  const context = at(tensor(model, 'attention.context'), 0);
  const scores = tokens.map((state) => {
    const hidden = affine(tensor(model, 'attention.weights'), state, vector(model, 'attention.bias'));
    return sum(hidden.map((value, unit) => at(context, unit) * Math.tanh(value)));
  });
  const weights = softmax(scores);
  return at(tokens, 0).map((_, unit) =>
    sum(tokens.map((state, token) => at(weights, token) * at(state, unit))),
  );
}

/** A word's own vector plus the mean of those of its n-grams. */
function wordVector(model: RandomModel, id: number, words: NativeWords | undefined): readonly number[] {
  const table = tensor(model, 'embedding.table');
  if (words === undefined) return at(table, id);
  const ngrams = tensor(model, 'embedding.subwords');
  const own = at(table, words.ids[id] ?? -1);
  const buckets = [...words.buckets.subarray(words.offsets[id], words.offsets[id + 1])];
  const mean = (unit: number): number =>
    buckets.length === 0 ? 0 : sum(buckets.map((bucket) => at(at(ngrams, bucket), unit))) / buckets.length;
  return own.map((value, unit) => value + mean(unit));
}

/** Softmax in double. */
export function softmax(logits: readonly number[]): number[] {
  const exponentials = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
}

/** Tensors of one direction. */
interface Weights {
  readonly W: readonly number[][];
  readonly U: readonly number[][];
  readonly b: readonly number[];
  /** Of the GRU with the reset after the product alone. */
  readonly cn: readonly number[];
}

interface State {
  readonly h: readonly number[];
  /** Of the LSTM alone. */
  readonly c: readonly number[];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The states after every input, in the order of the inputs. */
function statesOf(
  model: RandomModel,
  layer: number,
  direction: string,
  inputs: readonly (readonly number[])[],
): (readonly number[])[] {
  const { cell, hiddenSize } = model.config;
  const prefix = prefixOf(cell, layer, direction);
  const weights: Weights = {
    W: tensor(model, `${prefix}.inputWeights`),
    U: tensor(model, `${prefix}.recurrentWeights`),
    b: vector(model, `${prefix}.bias`),
    cn: cell === 'gru' ? vector(model, `${prefix}.candidateBias`) : [],
  };
  const zeros = new Array<number>(hiddenSize).fill(0);
  let state: State = { h: zeros, c: zeros };
  return inputs.map((x) => {
    state = steps[cell](weights, x, state);
    return state.h;
  });
}

const steps: Readonly<Record<NativeCell, (weights: Weights, x: readonly number[], state: State) => State>> = {
  gru(weights, x, { h, c }) {
    const r = gate(weights, 0, x, h).map(sigmoid);
    const z = gate(weights, 1, x, h).map(sigmoid);
    const n = h.map((_, unit) => {
      const row = 2 * h.length + unit;
      const input = dot(weights.W[row], x) + at(weights.b, row);
      return Math.tanh(input + at(r, unit) * (dot(weights.U[row], h) + at(weights.cn, unit)));
    });
    return { h: h.map((before, unit) => mix(at(z, unit), at(n, unit), before)), c };
  },
  'gru-cho'(weights, x, { h, c }) {
    const r = gate(weights, 0, x, h).map(sigmoid);
    const z = gate(weights, 1, x, h).map(sigmoid);
    const reset = h.map((before, unit) => at(r, unit) * before);
    const n = gate(weights, 2, x, reset).map((sum) => Math.tanh(sum));
    return { h: h.map((before, unit) => mix(at(z, unit), at(n, unit), before)), c };
  },
  lstm(weights, x, { h, c: before }) {
    const i = gate(weights, 0, x, h).map(sigmoid);
    const f = gate(weights, 1, x, h).map(sigmoid);
    const g = gate(weights, 2, x, h).map((sum) => Math.tanh(sum));
    const o = gate(weights, 3, x, h).map(sigmoid);
    const c = before.map((value, unit) => at(f, unit) * value + at(i, unit) * at(g, unit));
    return { h: c.map((value, unit) => at(o, unit) * Math.tanh(value)), c };
  },
};

/** W·x + b + U·h of the rows of one gate. */
function gate({ W, U, b }: Weights, place: number, x: readonly number[], h: readonly number[]): number[] {
  return h.map((_, unit) => {
    const row = place * h.length + unit;
    return dot(W[row], x) + at(b, row) + dot(U[row], h);
  });
}

/** (1 − z)·n + z·h */
function mix(z: number, n: number, h: number): number {
  return (1 - z) * n + z * h;
}

function affine(weights: readonly number[][], x: readonly number[], bias: readonly number[]): number[] {
  return weights.map((row, place) => dot(row, x) + at(bias, place));
}

function dot(a: readonly number[] | undefined, b: readonly number[]): number {
  if (a?.length !== b.length) throw new Error(`lengths differ: ${a?.length ?? 0}, ${b.length}`);
  return a.reduce((sum, value, place) => sum + value * at(b, place), 0);
}

/** Never undefined: a place beyond the end is an error, not a NaN that a comparison may let through. */
function at<T>(list: readonly T[], place: number): T {
  const value = list[place];
  if (value === undefined) throw new Error(`no element ${place} among ${list.length}`);
  return value;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function vector(model: RandomModel, name: string): number[] {
  const { offset, shape } = find(model, name);
  return [...model.parameters.subarray(offset, offset + at(shape, 0))];
}

function tensor(model: RandomModel, name: string): number[][] {
  const { offset, shape } = find(model, name);
  const [rows = 0, columns = 0] = shape;
  return Array.from({ length: rows }, (_, row) => [
    ...model.parameters.subarray(offset + row * columns, offset + (row + 1) * columns),
  ]);
}

function find(model: RandomModel, name: string): NativeTensorInfo {
  const found = model.tensors.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no tensor ${name}`);
  return found;
}
