import type { NativeClassifierConfig, NativeTensorInfo, NativeTexts } from '../../../src/native/addon.js';

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

/** Different sizes everywhere, so that a transposed or swapped tensor cannot fit. */
export function randomModel(seed = 1): RandomModel {
  const config: NativeClassifierConfig = {
    vocabularySize: 11,
    embeddingSize: 5,
    hiddenSize: 7,
    mlpSize: 6,
    classCount: 3,
    unknownId: 0,
    embeddingRange: 1,
    seed: 1,
    threads: 1,
  };
  const { vocabularySize: V, embeddingSize: E, hiddenSize: H, mlpSize: M, classCount: C } = config;
  const gru = (direction: string): [string, number[]][] => [
    [`gru.${direction}.inputWeights`, [3 * H, E]],
    [`gru.${direction}.recurrentWeights`, [3 * H, H]],
    [`gru.${direction}.bias`, [3 * H]],
    [`gru.${direction}.candidateBias`, [H]],
  ];
  const shapes: [string, number[]][] = [
    ['embedding.table', [V, E]],
    ...gru('forward'),
    ...gru('reverse'),
    ['mlp.hidden.weights', [M, 2 * H]],
    ['mlp.hidden.bias', [M]],
    ['mlp.output.weights', [C, M]],
    ['mlp.output.bias', [C]],
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

/** Random texts of the given lengths. */
export function randomTexts(lengths: readonly number[], vocabularySize: number, seed = 2): NativeTexts {
  const random = uniform(seed);
  const offsets = [0];
  for (const length of lengths) offsets.push((offsets.at(-1) ?? 0) + length);
  const ids = Int32Array.from({ length: offsets.at(-1) ?? 0 }, () =>
    Math.floor(((random() + 1) / 2) * vocabularySize),
  );
  return { ids, offsets: Int32Array.from(offsets) };
}

/** Token ids of text `index`. */
export function textAt(texts: NativeTexts, index: number): number[] {
  return [...texts.ids.subarray(texts.offsets[index], texts.offsets[index + 1])];
}

/**
 * Logits of one text in double, unit by unit as the formulas stand: n = tanh(Wn·x + bn + r·(Un·h + cn)),
 * h' = (1 − z)·n + z·h, each direction ending at its own last token.
 */
export function referenceLogits(model: RandomModel, ids: readonly number[]): number[] {
  const embedded = ids.map((id) => at(tensor(model, 'embedding.table'), id));
  const text = [
    ...finalState(model, 'forward', embedded),
    ...finalState(model, 'reverse', embedded.toReversed()),
  ];
  const hidden = affine(tensor(model, 'mlp.hidden.weights'), text, vector(model, 'mlp.hidden.bias'));
  const active = hidden.map((value) => Math.max(value, 0));
  return affine(tensor(model, 'mlp.output.weights'), active, vector(model, 'mlp.output.bias'));
}

/** Softmax in double. */
export function softmax(logits: readonly number[]): number[] {
  const exponentials = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
}

function finalState(model: RandomModel, direction: string, inputs: readonly number[][]): number[] {
  const H = model.config.hiddenSize;
  const W = tensor(model, `gru.${direction}.inputWeights`);
  const U = tensor(model, `gru.${direction}.recurrentWeights`);
  const b = vector(model, `gru.${direction}.bias`);
  const c = vector(model, `gru.${direction}.candidateBias`);
  let h = new Array<number>(H).fill(0);
  for (const x of inputs) {
    h = h.map((before, unit) => {
      const [resetRow, updateRow, candidateRow] = [unit, H + unit, 2 * H + unit];
      const input = (row: number): number => dot(W[row], x) + at(b, row);
      const r = sigmoid(input(resetRow) + dot(U[resetRow], h));
      const z = sigmoid(input(updateRow) + dot(U[updateRow], h));
      const n = Math.tanh(input(candidateRow) + r * (dot(U[candidateRow], h) + at(c, unit)));
      return (1 - z) * n + z * before;
    });
  }
  return h;
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
