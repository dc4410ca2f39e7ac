import type { OnnxCell } from './cell.js';

/**
 * ONNX's GRU with linear_before_reset = 1, whose n = tanh(Wn·x + Wbn + r∘(Rn·h + Rbn)) is the engine's with Wbn = bn and
 * Rbn = cn (ONNX operators, GRU, opset 14). ONNX orders gates z, r, n; the engine has r, z, n.
 */
export const gru: OnnxCell = {
  operator: 'GRU',
  attributes: { linear_before_reset: 1 },
  gateOrder: [1, 0, 2],
  recurrentBias: (part, hiddenSize) => {
    const bias = new Float32Array(3 * hiddenSize);
    bias.set(part('candidateBias'), 2 * hiddenSize);
    return bias;
  },
};
