import { stretchLength } from '../text/batches.js';
import { encodeStream, type EncodedExamples, type ExampleEncoding } from '../text/encode.js';
import { ahead } from '../base/streaming.js';
import type { Example } from '../text/types.js';
import type { NativeClassifier } from '../engine/addon.js';
import type { ClassificationTally, Scores } from '../statistics/metrics.js';
import { exampleCounter, type Watch } from '../base/events.js';
import { evaluateTexts } from './native-model.js';

/** Scored examples with the token ids they were scored from. */
export type ScoredTexts = EncodedExamples & Scores;

/**
 * Encodes and scores a stream of examples, some thousand at a time and in its order, so that memory does not grow with
 * its length.
 *
 * @param text what is going on, for progress
 * @throws AdvError DATA_MALFORMED for another label or an empty stream, INTERRUPTED; an error of code 'CANCELLED' when
 *   the signal stopped the engine
 */
export async function* scoreStream(
  classifier: NativeClassifier,
  examples: AsyncIterable<Example>,
  how: ExampleEncoding & { readonly batchSize: number },
  watch: Watch,
  text: string,
): AsyncGenerator<ScoredTexts, void, undefined> {
  const { batchSize } = how;
  const reporting = { signal: watch.signal, onProgress: exampleCounter(watch, text) };
  for await (const encoded of ahead(encodeStream(examples, how, stretchLength(batchSize)))) {
    yield { ...encoded, ...(await evaluateTexts(classifier, encoded, batchSize, reporting)) };
  }
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
