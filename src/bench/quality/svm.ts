import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../base/package.js';
import type { ScoreRows } from '../../linear/calibration.js';
import { python } from './measured-program.js';
import type { QualityPeer } from './peer.js';

const program = join(packageRoot, 'bench', 'sklearn_svm.py');

/** N-grams of characters and words, lowercased. */
export const svm = svmWith('svm', 'linear SVM', ['both:1']);

/** N-grams of characters as they are written. */
export const characterSvm = svmWith('svm-char', 'linear SVM of characters', ['char:1']);

/** The best of both on validation data, and of three C. */
export const tunedSvm = svmWith(
  'svm-tuned',
  'linear SVM, chosen',
  ['both', 'char'].flatMap((features) => ['0.3', '1', '3'].map((cost) => `${features}:${cost}`)),
);

/** scikit-learn's linear SVM on TF-IDF of n-grams, see bench/sklearn_svm.py. It computes with one thread. */
function svmWith(name: string, title: string, choices: readonly string[]): QualityPeer {
  return {
    name,
    title,
    probe: [python, '-c', 'import numpy, sklearn'],
    install: 'Debian: apt-get install python3-sklearn',
    options: choices,
    model: 'model.pickle',
    scaled: true,
    learn: ({ folder, seed }) => [python, program, 'learn', folder, `${seed}`, ...choices],
    score: ({ folder }, split) => [python, program, 'score', folder, split],
    read: async ({ folder }, split, classCount) =>
      parseDecisions(await readFile(join(folder, `${split}.f64`)), classCount),
  };
}

/**
 * Decision values as the program writes them: doubles, little-endian.
 *
 * @returns [N][C]
 * @throws Error when they are no whole rows
 */
export function parseDecisions(bytes: Buffer, classCount: number): ScoreRows {
  const width = 8 * classCount;
  if (bytes.length % width !== 0)
    throw new Error(`expected rows of ${classCount} decision values, got ${bytes.length} bytes`);
  return Array.from({ length: bytes.length / width }, (_, row) =>
    Float64Array.from({ length: classCount }, (__, column) => bytes.readDoubleLE(row * width + 8 * column)),
  );
}
