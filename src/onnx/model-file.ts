import { readFile } from 'node:fs/promises';
import { AdvError } from '../errors.js';
import { metadataOf, type ModelMetadata } from './metadata.js';
import { decodeModel, type ModelSummary } from './proto.js';

/** An exported model as it lies on the disk. */
export interface StoredModel {
  readonly bytes: Uint8Array;
  readonly metadata: ModelMetadata;
}

/**
 * Reads an exported model and checks that its metadata fits its graph.
 *
 * @throws AdvError MODEL when it cannot be read, is no ONNX file, another program's, damaged or of another version
 */
export async function readModel(path: string): Promise<StoredModel> {
  const bytes = await readBytes(path);
  const { metadata: entries, tensorDims } = decode(bytes, path);
  const metadata = metadataOf(entries, path);
  requireRows(path, 'embedding.table', tensorDims, metadata.vocabulary.length);
  requireRows(path, 'mlp.output.bias', tensorDims, metadata.labels.length);
  return { bytes, metadata };
}

/**
 * The bytes of a file.
 *
 * @throws AdvError MODEL with the reason when it cannot be read
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new AdvError(
      'MODEL',
      `cannot read the model ${path}: ${error instanceof Error ? error.message : String(error)}`,
      'Give the path of an exported model, such as RUN/model.onnx.',
      { cause: error },
    );
  }
}

function decode(bytes: Uint8Array, path: string): ModelSummary {
  try {
    return decodeModel(bytes);
  } catch (error) {
    throw new AdvError(
      'MODEL',
      `${path} is not an ONNX file or is truncated: ${error instanceof Error ? error.message : String(error)}`,
      'Export the model again: npx advnative export RUN',
      { cause: error },
    );
  }
}

function requireRows(
  path: string,
  tensor: string,
  tensorDims: ReadonlyMap<string, readonly number[]>,
  expected: number,
): void {
  const rows = tensorDims.get(tensor)?.[0];
  if (rows === expected) return;
  throw new AdvError(
    'MODEL',
    `${path} is damaged: its metadata expects ${expected} rows of ${tensor}, got ${rows ?? 'none'}`,
    'Export the model again: npx advnative export RUN',
  );
}
