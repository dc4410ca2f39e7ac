import { at } from '../base/at.js';
import { AdvError } from '../base/errors.js';
import type { NativeClassifierConfig } from '../engine/addon.js';
import type { ReadTexts } from '../text/reading.js';
import { readModelBytes } from '../inference/model-file.js';
import { findRuntime } from '../inference/runtime.js';
import { ModelSession } from '../inference/session.js';
import { probabilitiesOf } from '../statistics/loss.js';
import type { LossName } from '../statistics/loss-names.js';
import { sliceTexts } from '../text/packed.js';

/** How far an exported model is from the trained one. */
export interface OnnxParity {
  /** Largest difference of a class probability. */
  readonly maxAbsDiff: number;
  /** Number of texts compared. */
  readonly n: number;
}

/** Texts that an exported model is compared on, where there are as many. */
export const parityTexts = 256;

/** Texts in one run: enough that rows of one batch differ in length. */
export const parityBatch = 32;

/** Tokens in one run of several texts, with those that fill rows up: 32 texts of 512. */
const mostTokens = 2 ** 14;

/**
 * Most numbers of 4 bytes that onnxruntime holds at once for a run of the check.
 *
 * @param texts of the check
 * @param longest tokens of the longest one
 */
export function numbersOfParityRun(
  { cell, embeddingSize, hiddenSize, layers, pooling }: NativeClassifierConfig,
  texts: number,
  longest: number,
): number {
  const gates = 2 * (cell === 'lstm' ? 4 : 3) * hiddenSize;
  const states = 2 * hiddenSize;
  const ofTokens = pooling.filter((name) => name !== 'last').length;
  // Vectors, by time and by text; the gates of all layers; states that a layer or a pooling reads, by time and by text; what poolings make of them.
  const ofToken =
    2 * embeddingSize +
    layers * gates +
    (layers - 1 + Math.min(ofTokens, 1)) * 3 * states +
    ofTokens * 2 * states;
  return Math.max(longest, Math.min(Math.min(texts, parityBatch) * longest, mostTokens)) * ofToken;
}

/**
 * Runs an exported model on texts and compares its class probabilities with those that follow, in double, from the engine's
 * logits.
 *
 * @param modelPath the exported file
 * @param texts B texts, packed, with the features of each where the model has n-grams
 * @param logits the C logits that the trained model gave for each of these texts
 * @param loss what the model was trained with, of which its probabilities follow
 * @returns undefined when onnxruntime-node is not installed
 * @throws AdvError USAGE when sizes differ or there is no text, NOT_FINITE when a probability is NaN, MODEL when the file
 *   does not run
 */
export async function checkParity(
  modelPath: string,
  texts: ReadTexts,
  logits: readonly Float64Array[],
  loss: LossName = 'cross-entropy',
): Promise<OnnxParity | undefined> {
  const n = texts.offsets.length - 1;
  if (n < 1 || logits.length !== n) {
    throw new AdvError(
      'USAGE',
      `a parity check expects at least 1 text and the logits of each, got ${n} texts and logits of ${logits.length}`,
    );
  }
  const runtime = await findRuntime();
  if (runtime === undefined) return undefined;
  const session = await ModelSession.open(runtime, await readModelBytes(modelPath), modelPath);
  try {
    let maxAbsDiff = 0;
    for (let first = 0, end = 0; first < n; first = end) {
      end = endOfRun(texts.offsets, first);
      const featureRows = texts.featureRows.slice(first, end);
      const probabilities = await session.probabilities({ ...sliceTexts(texts, first, end), featureRows });
      const expected = logits.slice(first, end).flatMap((row) => Array.from(probabilitiesOf(loss, row)));
      maxAbsDiff = Math.max(maxAbsDiff, largestDifference(expected, probabilities));
    }
    return { maxAbsDiff, n };
  } finally {
    await session.release();
  }
}

/** Where a run ends that begins with a text. */
function endOfRun(offsets: Int32Array, first: number): number {
  let longest = 0;
  let end = first;
  while (end < offsets.length - 1 && end < first + parityBatch) {
    longest = Math.max(longest, at(offsets, end + 1) - at(offsets, end));
    if (end > first && (end + 1 - first) * longest > mostTokens) break;
    end += 1;
  }
  return end;
}

function largestDifference(expected: readonly number[], got: Float32Array): number {
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
