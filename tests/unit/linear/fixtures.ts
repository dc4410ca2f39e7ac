import type { NgramBranch } from '../../../src/linear/branch.js';
import { LinearClassifier } from '../../../src/linear/linear-classifier.js';
import { NgramFeatures } from '../../../src/text/ngrams/features.js';

/** A branch of some features, at least as many as upper halves of hashes are equal, with weights that differ. */
export function branchOf(classCount: number, features = 5): NgramBranch {
  const hashes = Uint32Array.from([3, 70_000, 70_001, 0x8000_0000, 0xffff_ffff].slice(0, features));
  const table = {
    kinds: [
      { unit: 'char', min: 1, max: 5 },
      { unit: 'word', min: 2, max: 2 },
    ] as const,
    hashes,
    inverseFrequencies: Float32Array.from(hashes, (_, place) => 1 + place / 3),
  };
  const width = classCount === 2 ? 1 : classCount;
  const weights = Float32Array.from({ length: (features + 1) * width }, (_, place) => Math.sin(place + 1));
  const classifier = new LinearClassifier(new NgramFeatures(table), classCount, weights);
  return { classifier, networkScale: 1.5, ngramScale: 0.7 };
}
