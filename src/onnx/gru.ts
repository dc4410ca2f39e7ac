import type { GraphTensor } from './proto.js';
import type { Parameters } from './parameters.js';

/**
 * The constants of ONNX's bidirectional GRU with linear_before_reset = 1, whose n = tanh(Wn·x + Wbn + r·(Rn·h + Rbn)) is
 * the engine's with Wbn = bn and Rbn = cn (ONNX operators, GRU, opset 14). ONNX orders gates z, r, n; the engine has
 * r, z, n and no recurrent bias for r and z, which therefore is 0 here.
 *
 * @returns 'gru.W' [2, 3H, E], 'gru.R' [2, 3H, H] and 'gru.B' [2, 6H]; direction 0 is forward, 1 reverse
 */
export function gruTensors(parameters: Parameters): GraphTensor[] {
  const [rows = 0, embeddingSize = 0] = parameters['gru.forward.inputWeights'].shape;
  const hiddenSize = rows / 3;
  const perDirection = (['forward', 'reverse'] as const).map((direction) => ({
    inputWeights: onnxGates(parameters[`gru.${direction}.inputWeights`].values),
    recurrentWeights: onnxGates(parameters[`gru.${direction}.recurrentWeights`].values),
    biases: concatenate([
      onnxGates(parameters[`gru.${direction}.bias`].values),
      new Float32Array(2 * hiddenSize),
      parameters[`gru.${direction}.candidateBias`].values,
    ]),
  }));
  const stack = (part: 'inputWeights' | 'recurrentWeights' | 'biases'): Float32Array =>
    concatenate(perDirection.map((direction) => direction[part]));
  return [
    { name: 'gru.W', dims: [2, rows, embeddingSize], values: stack('inputWeights') },
    { name: 'gru.R', dims: [2, rows, hiddenSize], values: stack('recurrentWeights') },
    { name: 'gru.B', dims: [2, 2 * rows], values: stack('biases') },
  ];
}

/** Reorders the thirds of a tensor, whose rows are gates, from r, z, n to z, r, n. */
function onnxGates(values: Float32Array): Float32Array {
  const third = values.length / 3;
  return concatenate([
    values.subarray(third, 2 * third),
    values.subarray(0, third),
    values.subarray(2 * third),
  ]);
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
