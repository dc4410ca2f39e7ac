import { readFile } from 'node:fs/promises';
import { systemReason } from '../base/system-error.js';
import { recordedTokenizer } from '../text/tokenizers/pipeline.js';
import type { Reading, TokenEncoding } from '../text/reading.js';
import { Vocabulary } from '../text/vocabulary.js';
import { AdvError } from '../base/errors.js';
import { isIntact } from './checksum.js';
import { featuresOf } from './ngram-entry.js';
import { metadataOf, type ModelMetadata } from './metadata.js';
import { decodeModel, type ModelSummary } from './proto.js';

/** An exported model as it lies on the disk, and what turns text into its inputs. */
export interface StoredModel {
  readonly bytes: Uint8Array;
  readonly metadata: ModelMetadata;
  readonly reading: Reading;
}

/**
 * Reads an exported model and checks that its metadata fits its graph and that this version has its tokenizer.
 *
 * @param name what messages call the file, its path unless said otherwise
 * @throws AdvError MODEL when it cannot be read, is no ONNX file, another program's, damaged or of another version
 */
export async function readModel(path: string, name = path): Promise<StoredModel> {
  const bytes = await readModelBytes(path);
  const { metadata: entries, tensorDims } = decode(bytes, name);
  if (!isIntact(bytes)) throw damaged(name, 'its checksum does not match its content');
  const metadata = metadataOf(entries, name);
  const { labels, vocabulary, ngrams } = metadata;
  requireRows(name, 'embedding.table', tensorDims, vocabulary?.length);
  requireRows(name, 'mlp.output.bias', tensorDims, vocabulary && labels.length);
  requireRows(name, 'ngrams.bias', tensorDims, ngrams && labels.length);
  requireRows(name, 'embedding.subwords', tensorDims, metadata.subwords?.buckets);
  const features = ngrams && featuresOf(ngrams);
  if (typeof features === 'string') {
    throw new AdvError('MODEL', `the n-grams of ${name} are damaged: ${features}`, 'Export the model again.');
  }
  if (features !== undefined) requireRows(name, 'ngrams.weights', tensorDims, Math.max(features.count, 1));
  return { bytes, metadata, reading: { tokens: tokensOf(metadata, name), features } };
}

function tokensOf(metadata: ModelMetadata, name: string): TokenEncoding | undefined {
  const { tokenizer: steps, vocabulary, maxTokens, subwords } = metadata;
  if (steps === undefined || vocabulary === undefined || maxTokens === undefined) return undefined;
  const tokenizer = recordedTokenizer(
    steps,
    (problem) =>
      new AdvError(
        'MODEL',
        `the tokenizer of ${name}: ${problem}`,
        'The model was made by another version of advnative: use that version.',
      ),
  );
  return { tokenizer, vocabulary: Vocabulary.fromTokens(vocabulary), maxTokens, subwords };
}

/**
 * The bytes of a file.
 *
 * @throws AdvError MODEL with the reason when it cannot be read
 */
export async function readModelBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new AdvError(
      'MODEL',
      `cannot read the model ${path}: ${systemReason(error)}`,
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
  expected: number | undefined,
): void {
  const rows = tensorDims.get(tensor)?.[0];
  if (rows === expected) return;
  throw damaged(path, `its metadata expects ${expected ?? 'no'} rows of ${tensor}, got ${rows ?? 'none'}`);
}

function damaged(path: string, problem: string): AdvError {
  const hint = 'Export the model again: npx advnative export RUN';
  return new AdvError('MODEL', `${path} is damaged: ${problem}`, hint);
}
