import { at } from '../base/at.js';
import { stretchLength } from '../text/batches.js';
import { encodeStream, type EncodedExamples, type ExampleReading } from '../text/encode.js';
import { ahead } from '../base/streaming.js';
import type { ReadTexts } from '../text/reading.js';
import type { Example } from '../text/types.js';
import type { NativeClassifier } from '../engine/addon.js';
import { crossEntropy } from '../linear/calibration.js';
import { jointLogits, type NgramBranch } from '../linear/branch.js';
import type { ClassificationTally, Scores } from '../statistics/metrics.js';
import { exampleCounter, type Watch } from '../base/events.js';
import { evaluateTexts, predictLogits } from './native-model.js';

/** What gives the logits of texts: a network, n-grams or both. */
export interface ScoringModel {
  readonly network?: NativeClassifier | undefined;
  readonly branch?: NgramBranch | undefined;
}

/** Scored examples with what they were scored from. */
export interface ScoredTexts extends EncodedExamples, Scores {
  /** The C scores of each text by the n-grams alone, where the model has n-grams; else none. */
  readonly ngramScores: readonly Float64Array[];
}

/**
 * Reads and scores a stream of examples, some thousand at a time and in its order, so that memory does not grow with
 * its length.
 *
 * @param text what is going on, for progress
 * @throws AdvError DATA_MALFORMED for another label or an empty stream, INTERRUPTED; an error of code 'CANCELLED' when
 *   the signal stopped the engine
 */
export async function* scoreStream(
  model: ScoringModel,
  examples: AsyncIterable<Example>,
  how: ExampleReading & { readonly batchSize: number },
  watch: Watch,
  text: string,
): AsyncGenerator<ScoredTexts, void, undefined> {
  const { batchSize } = how;
  const reporting = { signal: watch.signal, onProgress: exampleCounter(watch, text) };
  const { network, branch } = model;
  for await (const encoded of ahead(encodeStream(examples, how, stretchLength(batchSize)))) {
    if (network !== undefined && branch === undefined) {
      const evaluation = await evaluateTexts(network, encoded, batchSize, reporting);
      yield { ...encoded, ...evaluation, ngramScores: [] };
      continue;
    }
    const ngramScores = ngramScoresOf(model, encoded);
    const logits = await logitsOf(model, encoded, watch.signal, ngramScores);
    reporting.onProgress(logits.length);
    yield {
      ...encoded,
      ngramScores,
      losses: Float64Array.from(logits, (row, place) => crossEntropy(row, at(encoded.labels, place))),
      predictions: Int32Array.from(logits, (row) => row.indexOf(Math.max(...row))),
    };
  }
}

/**
 * The C logits of each text.
 *
 * @param texts with the features of each, where the model has n-grams
 * @param ngramScores what the n-grams give them, if that is known
 * @throws an error of code 'CANCELLED' when the signal fires
 */
export async function logitsOf(
  model: ScoringModel,
  texts: ReadTexts,
  signal?: AbortSignal,
  ngramScores = ngramScoresOf(model, texts),
): Promise<Float64Array[]> {
  const { network, branch } = model;
  const ofNetwork = network === undefined ? [] : await networkLogits(network, texts, signal);
  if (branch === undefined) return ofNetwork;
  return ngramScores.map((scores, place) => jointLogits(branch, ofNetwork[place], scores));
}

async function networkLogits(
  network: NativeClassifier,
  texts: ReadTexts,
  signal: AbortSignal | undefined,
): Promise<Float64Array[]> {
  const { classCount } = network.config;
  const logits = await predictLogits(network, texts, signal);
  return Array.from({ length: texts.offsets.length - 1 }, (_, place) =>
    Float64Array.from(logits.subarray(place * classCount, (place + 1) * classCount)),
  );
}

function ngramScoresOf({ branch }: ScoringModel, { featureRows }: ReadTexts): Float64Array[] {
  return branch === undefined ? [] : featureRows.map((row) => branch.classifier.scoresOf(row));
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
