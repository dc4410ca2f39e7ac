import type { ModelMetadata } from '../../../src/inference/metadata.js';
import type { NgramBranch } from '../../../src/linear/branch.js';
import { buildOnnxModel } from '../../../src/onnx/export.js';
import { fileWith } from '../support.js';
import { randomModel, type RandomModel } from './reference-classifier.js';

/** Fits randomModel(): 11 tokens, 3 labels. */
export const metadata: ModelMetadata &
  Required<Pick<ModelMetadata, 'tokenizer' | 'vocabulary' | 'maxTokens'>> = {
  tokenizer: ['nfc@1', 'characters@1'],
  vocabulary: ['<unk>', '<begin>', '<end>', 'a', 'b', 'č', 'ř', ' ', '😀', '"', '\n'],
  labels: ['cs', 'sk', '__proto__'],
  maxTokens: 9,
  training: { regime: 'adversarial', epsilon: 0.05, resumed: false },
};

/** Writes bytes as a model file and returns its path. */
export async function modelFile(bytes: Uint8Array): Promise<string> {
  return fileWith(bytes, 'model.onnx');
}

/** A random classifier with the test metadata as an ONNX file. */
export function exported(
  model: RandomModel = randomModel(),
  how: Partial<ModelMetadata> = {},
  branch?: NgramBranch,
): Uint8Array {
  return buildOnnxModel({ network: model, branch, metadata: { ...metadata, ...how } });
}
