import type { OnnxCell } from './cell.js';

/**
 * ONNX's LSTM without peepholes (ONNX operators, LSTM, opset 14), whose c is the engine's g. ONNX orders gates i, o, f, c;
 * the engine has i, f, g, o.
 */
export const lstm: OnnxCell = {
  operator: 'LSTM',
  attributes: {},
  gateOrder: [0, 3, 1, 2],
  recurrentBias: (_, hiddenSize) => new Float32Array(4 * hiddenSize),
};
