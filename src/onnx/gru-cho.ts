import type { OnnxCell } from './cell.js';

/**
 * ONNX's GRU with linear_before_reset = 0, whose n = tanh(Wn·x + Wbn + Rn·(r∘h) + Rbn) is the engine's with Wbn = bn and
 * Rbn = 0 (ONNX operators, GRU, opset 14). ONNX orders gates z, r, n; the engine has r, z, n.
 */
export const gruCho: OnnxCell = {
  operator: 'GRU',
  attributes: { linear_before_reset: 0 },
  gateOrder: [1, 0, 2],
  recurrentBias: (_, hiddenSize) => new Float32Array(3 * hiddenSize),
};
