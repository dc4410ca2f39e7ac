import type { CellPart } from '../engine/cells.js';
import type { GraphNode } from '../inference/proto.js';

/** How an engine's cell is written as an operator of ONNX. */
export interface OnnxCell {
  readonly operator: 'GRU' | 'LSTM';
  /** Beside direction and hidden_size, which all have. */
  readonly attributes: NonNullable<GraphNode['attributes']>;
  /** For each gate in ONNX's order its place among the engine's. */
  readonly gateOrder: readonly number[];
  /**
   * ONNX's recurrent bias of one direction, [gates · H] in ONNX's order: it has one beside the input bias, where the
   * engine has none but for the reset-after candidate.
   */
  readonly recurrentBias: (part: (name: CellPart) => Float32Array, hiddenSize: number) => Float32Array;
}
