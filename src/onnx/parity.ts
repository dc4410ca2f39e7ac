import { AdvError } from '../base/errors.js';
import type { NativeTexts } from '../engine/addon.js';
import { readModelBytes } from '../inference/model-file.js';
import { findRuntime } from '../inference/runtime.js';
import { ModelSession } from '../inference/session.js';
import { softmax } from '../statistics/softmax.js';
import { sliceTexts } from '../text/packed.js';

/** How far an exported model is from the trained one. */
export interface OnnxParity {
  /** Largest difference of a class probability. */
  readonly maxAbsDiff: number;
  /** Number of texts compared. */
  readonly n: number;
}

/** Texts in one run: enough that rows of one batch differ in length. */
const batchSize = 32;

/**
 * Runs an exported model on texts and compares its class probabilities with the softmax, in double, of the engine's
 * logits.
 *
 * @param modelPath the exported file
 * @param texts B texts, packed
 * @param logits B × C logits that the engine gave for these texts
 * @param classCount C
 * @returns undefined when onnxruntime-node is not installed
 * @throws AdvError USAGE when sizes differ or there is no text, NOT_FINITE when a probability is NaN, MODEL when the file
 *   does not run
 */
export async function checkParity(
  modelPath: string,
  texts: NativeTexts,
  logits: Float32Array,
  classCount: number,
): Promise<OnnxParity | undefined> {
  const n = texts.offsets.length - 1;
  if (n < 1 || logits.length !== n * classCount) {
    throw new AdvError(
      'USAGE',
      `a parity check expects at least 1 text and ${classCount} logits a text, got ${n} texts and ${logits.length} logits`,
    );
  }
  const runtime = await findRuntime();
  if (runtime === undefined) return undefined;
  const session = await ModelSession.open(runtime, await readModelBytes(modelPath), modelPath);
  try {
    let maxAbsDiff = 0;
    for (let first = 0; first < n; first += batchSize) {
      const end = Math.min(first + batchSize, n);
      const probabilities = await session.probabilities(sliceTexts(texts, first, end));
      const expected = softmaxRows(logits.subarray(first * classCount, end * classCount), classCount);
      maxAbsDiff = Math.max(maxAbsDiff, largestDifference(expected, probabilities));
    }
    return { maxAbsDiff, n };
  } finally {
    await session.release();
  }
}

/** Class probabilities of each row of logits. */
function softmaxRows(logits: Float32Array, classCount: number): Float64Array {
  const probabilities = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classCount) {
    probabilities.set(softmax(logits.subarray(start, start + classCount)), start);
  }
  return probabilities;
}

function largestDifference(expected: Float64Array, got: Float32Array): number {
  if (expected.length !== got.length) {
    throw new AdvError(
      'USAGE',
      `the exported model gave ${got.length} probabilities, expected ${expected.length}`,
    );
  }
  const largest = expected.reduce(
    (most, value, place) => Math.max(most, Math.abs(value - (got[place] ?? NaN))),
    0,
  );
  // Math.max keeps a NaN, which would pass any later comparison with a bound written the wrong way round.
  if (Number.isFinite(largest)) return largest;
  throw new AdvError(
    'NOT_FINITE',
    'a class probability of the engine or of the exported model is not a number',
  );
}
