import { at } from '../base/at.js';
import { stretchLength } from '../text/batches.js';
import { encodeStream, type EncodedExamples, type ExampleEncoding, type ReadTexts } from '../text/encode.js';
import { ahead } from '../base/streaming.js';
import type { Example } from '../text/types.js';
import type { NativeClassifier } from '../engine/addon.js';
import { crossEntropy } from '../linear/calibration.js';
import { jointLogits, type NgramBranch } from '../linear/branch.js';
import type { ClassificationTally, Scores } from '../statistics/metrics.js';
import { exampleCounter, type Watch } from '../base/events.js';
import { evaluateTexts, predictLogits } from './native-model.js';

/** Scored examples with the token ids they were scored from. */
export type ScoredTexts = EncodedExamples & Scores;

/** A network, and the n-grams beside it. */
export interface ScoringModel {
  readonly classifier: NativeClassifier;
  readonly branch?: NgramBranch | undefined;
}

/**
 * Encodes and scores a stream of examples, some thousand at a time and in its order, so that memory does not grow with
 * its length.
 *
 * @param text what is going on, for progress
 * @throws AdvError DATA_MALFORMED for another label or an empty stream, INTERRUPTED; an error of code 'CANCELLED' when
 *   the signal stopped the engine
 */
export async function* scoreStream(
  { classifier, branch }: ScoringModel,
  examples: AsyncIterable<Example>,
  how: Omit<ExampleEncoding, 'features'> & { readonly batchSize: number },
  watch: Watch,
  text: string,
): AsyncGenerator<ScoredTexts, void, undefined> {
  const { batchSize } = how;
  const reporting = { signal: watch.signal, onProgress: exampleCounter(watch, text) };
  const encoding = { ...how, features: branch?.classifier.features };
  for await (const encoded of ahead(encodeStream(examples, encoding, stretchLength(batchSize)))) {
    if (branch === undefined) {
      yield { ...encoded, ...(await evaluateTexts(classifier, encoded, batchSize, reporting)) };
      continue;
    }
    const logits = await logitsOf({ classifier, branch }, encoded, watch.signal);
    reporting.onProgress(logits.length);
    yield {
      ...encoded,
      losses: Float64Array.from(logits, (row, place) => crossEntropy(row, at(encoded.labels, place))),
      predictions: Int32Array.from(logits, (row) => row.indexOf(Math.max(...row))),
    };
  }
}

/**
 * The C logits of each text.
 *
 * @param texts with the features of each, where the model has n-grams
 * @throws an error of code 'CANCELLED' when the signal fires
 */
export async function logitsOf(
  { classifier, branch }: ScoringModel,
  texts: ReadTexts,
  signal?: AbortSignal,
): Promise<Float64Array[]> {
  const { classCount } = classifier.config;
  const logits = await predictLogits(classifier, texts, signal);
  return Array.from({ length: texts.offsets.length - 1 }, (_, place) => {
    const network = logits.subarray(place * classCount, (place + 1) * classCount);
    return branch === undefined
      ? Float64Array.from(network)
      : jointLogits(branch, network, at(texts.featureRows, place));
  });
}

/** The same scores, counted on their way. */
export async function* counted<Scored extends Scores>(
  scored: AsyncIterable<Scored>,
  tally: ClassificationTally,
): AsyncGenerator<Scored, void, undefined> {
  for await (const part of scored) {
    tally.add(part);
    yield part;
  }
}
