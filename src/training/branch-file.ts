import { AdvError } from '../base/errors.js';
import { at } from '../base/at.js';
import { anyNumber, integer, list, text } from '../base/rules.js';
import { checked, fields, kept, type Kept } from '../base/schema.js';
import type { NgramBranch } from '../linear/branch.js';
import { LinearClassifier, scoreCount } from '../linear/linear-classifier.js';
import { NgramFeatures } from '../text/ngrams/features.js';
import { ngramKindText, parseNgramKinds } from '../text/ngrams/kind.js';
import { readTensorFile, writeTensorFile } from './safetensors.js';

const format = 'advnative-ngrams-1';

const documentSchema = fields({
  fingerprint: kept(text),
  classCount: kept(integer(2)),
  networkScale: kept(anyNumber),
  ngramScale: kept(anyNumber),
  kinds: kept(list('n-grams')),
});
type BranchDocument = Kept<typeof documentSchema> & { readonly format: string };

/**
 * Writes the n-grams beside a network in place of what the path holds, atomically. A hash is two tensors' entries, its upper and its
 * lower 16 bits: float32 holds no larger integer exactly.
 *
 * @param fingerprint of the run that they belong to, see run-facts.ts
 * @throws AdvError STORAGE when the disk is full or not writable
 */
export async function writeBranch(path: string, branch: NgramBranch, fingerprint: string): Promise<void> {
  const { classifier, networkScale, ngramScale } = branch;
  const { kinds, hashes, inverseFrequencies } = classifier.features.table;
  const document: BranchDocument = {
    format,
    fingerprint,
    classCount: classifier.classCount,
    networkScale,
    ngramScale,
    kinds: kinds.map(ngramKindText),
  };
  const tensors = {
    upperHashes: Float32Array.from(hashes, (hash) => hash >>> 16),
    lowerHashes: Float32Array.from(hashes, (hash) => hash & 0xffff),
    inverseFrequencies,
    weights: classifier.weights,
  };
  await writeTensorFile(path, { tensors, document });
}

/**
 * Reads what writeBranch wrote.
 *
 * @param fingerprint of the run
 * @throws AdvError CHECKPOINT when the file is missing, damaged or of another run
 */
export async function readBranch(path: string, fingerprint: string): Promise<NgramBranch> {
  const { tensors, document } = await readTensorFile(path);
  const refuse = (problem: string): AdvError =>
    new AdvError('CHECKPOINT', `the n-grams ${path} are damaged: ${problem}`, 'Restore them from a copy.');
  if ((document as Partial<BranchDocument> | null)?.format !== format) {
    throw refuse(`expected a file of format '${format}'`);
  }
  const { classCount, networkScale, ngramScale, ...written } = checked(documentSchema, document, refuse);
  if (written.fingerprint !== fingerprint) {
    throw new AdvError(
      'CHECKPOINT',
      `the n-grams ${path} belong to a run with other options, labels, vocabulary or data`,
      'Restore them from a copy.',
    );
  }
  const { upperHashes, lowerHashes, inverseFrequencies, weights } = tensors;
  const kinds = parseNgramKinds(written.kinds);
  if (kinds === undefined) throw refuse(`unknown n-grams among ${written.kinds.join(', ')}`);
  if (
    upperHashes === undefined ||
    lowerHashes?.length !== upperHashes.length ||
    inverseFrequencies?.length !== upperHashes.length ||
    weights?.length !== (upperHashes.length + 1) * scoreCount(classCount)
  ) {
    throw refuse('its tensors do not fit each other');
  }
  const hashes = Uint32Array.from(upperHashes, (upper, place) => upper * 65_536 + at(lowerHashes, place));
  const features = new NgramFeatures({ kinds, hashes, inverseFrequencies });
  return { classifier: new LinearClassifier(features, classCount, weights), networkScale, ngramScale };
}
