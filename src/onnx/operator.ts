import type { GraphNode, GraphTensor } from '../inference/proto.js';

/** Nodes and their constants. */
export interface GraphPart {
  readonly nodes: readonly GraphNode[];
  readonly tensors: readonly GraphTensor[];
}

/** A node of one output, after which it is called. */
export function operator(
  name: string,
  inputs: readonly string[],
  output: string,
  attributes: NonNullable<GraphNode['attributes']> = {},
): GraphNode {
  return { operator: name, name: output, inputs, outputs: [output], attributes };
}
