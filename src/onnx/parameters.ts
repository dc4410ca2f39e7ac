import { AdvError } from '../base/errors.js';
import type { NativeClassifierConfig, NativeTensorInfo } from '../engine/addon.js';
import { modelTensors, type TensorName } from '../engine/cells.js';

/** One tensor of the model: a view into the flat parameter vector. */
export interface Parameter {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Finds one of the engine's tensors; src/engine/cells.ts lists them. */
export type Parameters = (name: TensorName) => Parameter;

/**
 * Splits the flat parameter vector into tensors, and refuses a list whose shapes are not those of the configuration.
 *
 * @throws AdvError MODEL that names the tensor, what was expected and what came
 */
export function namedParameters(
  config: NativeClassifierConfig,
  tensors: readonly NativeTensorInfo[],
  parameters: Float32Array,
): Parameters {
  const given = new Map<string, NativeTensorInfo>(tensors.map((tensor) => [tensor.name, tensor]));
  const found = new Map<string, Parameter>();
  for (const { name, shape } of modelTensors(config)) {
    const tensor = given.get(name);
    if (tensor?.shape.join() !== shape.join()) {
      throw mismatch(
        `tensor ${name} of shape [${shape.join(', ')}]`,
        tensor && `[${tensor.shape.join(', ')}]`,
      );
    }
    const length = shape.reduce((product, size) => product * size, 1);
    const values = parameters.subarray(tensor.offset, tensor.offset + length);
    if (values.length !== length) throw mismatch(`${length} values of ${name}`, String(values.length));
    found.set(name, { shape, values });
  }
  return (name) => {
    const parameter = found.get(name);
    if (parameter === undefined) throw new RangeError(`a model of cell ${config.cell} has no ${name}`);
    return parameter;
  };
}

function mismatch(expected: string, got: string | undefined): AdvError {
  return new AdvError('MODEL', `the export expected ${expected}, got ${got ?? 'none'}`);
}
