import { select, withPauses } from '../base/streaming.js';
import { at } from '../base/at.js';
import { combined, fitScales, type ScoreRows } from '../linear/calibration.js';
import { LinearClassifier } from '../linear/linear-classifier.js';
import { countCorpus } from '../text/ngrams/count-corpus.js';
import type { NgramKind } from '../text/ngrams/kind.js';
import type { Example } from '../text/types.js';
import type { ActiveRun } from './active-run.js';

/** Characters of a token, with a space behind a word. */
const charactersOfToken = { word: 6, char: 1 } as const;

/** A linear classifier of a run's training texts, and what it gives the validation texts. */
export interface FittedLinear {
  /** Its scores are logits: they have the least loss on the validation texts. */
  readonly classifier: LinearClassifier;
  /** Training texts that it was fitted on. */
  readonly examples: number;
  /** Of each validation text, in the order of the data. */
  readonly validScores: ScoreRows;
  readonly validLabels: readonly number[];
  readonly seconds: number;
}

/**
 * Fits a linear classifier of n-grams to the training texts of a run: to all of them, or to a sample that is evenly spread over them. It is
 * the sum of a support vector machine and naive Bayes, which Wang and Manning (2012) found to help each other; their scales are fitted to
 * the validation texts. The same for any number of threads.
 *
 * @param mostCharacters about how many the sample may have
 * @throws AdvError NATIVE, INTERRUPTED, and what reading the data throws; an error of code 'CANCELLED' when the signal fires
 */
export async function fitLinear(
  { addon, data, recipe, execution, watch }: ActiveRun,
  kinds: readonly NgramKind[],
  mostCharacters: number,
): Promise<FittedLinear> {
  const began = performance.now();
  const { dataset, train } = data;
  const { signal } = watch;
  watch.onProgress?.({ kind: 'stage', text: 'fitting a linear classifier of n-grams' });
  const share = Math.min(1, mostCharacters / (train.tokens * charactersOfToken[recipe.level]));
  const classes: number[] = [];
  const texts = labelled(sampled(dataset.train(), share), dataset.labels, classes);
  const rows = await countCorpus(texts, kinds, signal);
  const parts = await LinearClassifier.train(addon, rows, Int32Array.from(classes), {
    classCount: dataset.labels.length,
    seed: recipe.seed,
    threads: execution.threads,
    signal,
  });
  const scores: [Float64Array[], Float64Array[]] = [[], []];
  const validLabels: number[] = [];
  const valid = labelled(withPauses(dataset.valid(), signal), dataset.labels, validLabels);
  for await (const text of valid) {
    const row = rows.features.rowOf(text);
    parts.forEach((part, place) => scores[place]?.push(part.scoresOf(row)));
  }
  const scales = fitScales(scores, validLabels);
  const classifier = LinearClassifier.sum(parts, scales);
  const validScores = scores[0].map((row, place) => combined([row, at(scores[1], place)], scales));
  const seconds = (performance.now() - began) / 1000;
  return { classifier, examples: classes.length, validScores, validLabels, seconds };
}

/** Examples as evenly spread over the stream as their share of it allows. */
function sampled(examples: AsyncIterable<Example>, share: number): AsyncIterable<Example> {
  return select(examples, (place) => Math.floor((place + 1) * share) > Math.floor(place * share));
}

/** The texts of examples; `classes` receives their labels' places. */
async function* labelled(
  examples: AsyncIterable<Example>,
  labels: readonly string[],
  classes: number[],
): AsyncGenerator<string, void, undefined> {
  for await (const { text, label } of examples) {
    classes.push(labels.indexOf(label));
    yield text;
  }
}
