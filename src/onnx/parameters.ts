import { AdvError } from '../errors.js';
import type { NativeClassifierConfig, NativeTensorInfo } from '../native/addon.js';

/** One tensor of the model: a view into the flat parameter vector. */
export interface Parameter {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The engine's tensors by name (their list is at the end of src/native/addon.ts). */
export type Parameters = Readonly<Record<TensorName, Parameter>>;

type GruTensorName =
  `gru.${'forward' | 'reverse'}.${'inputWeights' | 'recurrentWeights' | 'bias' | 'candidateBias'}`;
type MlpTensorName = `mlp.${'hidden' | 'output'}.${'weights' | 'bias'}`;
type TensorName = 'embedding.table' | GruTensorName | MlpTensorName;

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
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const entries = Object.entries(expectedShapes(config)).map(([name, shape]): [string, Parameter] => {
    const tensor = byName.get(name);
    if (tensor?.shape.join() !== shape.join()) {
      throw mismatch(
        `tensor ${name} of shape [${shape.join(', ')}]`,
        tensor && `[${tensor.shape.join(', ')}]`,
      );
    }
    const length = shape.reduce((product, size) => product * size, 1);
    const values = parameters.subarray(tensor.offset, tensor.offset + length);
    if (values.length !== length) throw mismatch(`${length} values of ${name}`, String(values.length));
    return [name, { shape, values }];
  });
  return Object.fromEntries(entries) as Record<TensorName, Parameter>;
}

function expectedShapes(config: NativeClassifierConfig): Record<TensorName, number[]> {
  const { vocabularySize, embeddingSize, hiddenSize, mlpSize, classCount } = config;
  const gates = 3 * hiddenSize;
  return {
    'embedding.table': [vocabularySize, embeddingSize],
    'gru.forward.inputWeights': [gates, embeddingSize],
    'gru.forward.recurrentWeights': [gates, hiddenSize],
    'gru.forward.bias': [gates],
    'gru.forward.candidateBias': [hiddenSize],
    'gru.reverse.inputWeights': [gates, embeddingSize],
    'gru.reverse.recurrentWeights': [gates, hiddenSize],
    'gru.reverse.bias': [gates],
    'gru.reverse.candidateBias': [hiddenSize],
    'mlp.hidden.weights': [mlpSize, 2 * hiddenSize],
    'mlp.hidden.bias': [mlpSize],
    'mlp.output.weights': [classCount, mlpSize],
    'mlp.output.bias': [classCount],
  };
}

function mismatch(expected: string, got: string | undefined): AdvError {
  return new AdvError('MODEL', `the export expected ${expected}, got ${got ?? 'none'}`);
}
