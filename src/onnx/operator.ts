import type { GraphNode } from '../inference/proto.js';

/** A node of one output, after which it is called. */
export function operator(
  name: string,
  inputs: readonly string[],
  output: string,
  attributes: NonNullable<GraphNode['attributes']> = {},
): GraphNode {
  return { operator: name, name: output, inputs, outputs: [output], attributes };
}
