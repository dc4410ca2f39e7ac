import { at } from '../base/at.js';
import { select, withPauses } from '../base/streaming.js';
import { combined, crossEntropy, fitScales } from '../linear/calibration.js';
import { countCorpus } from '../linear/count-corpus.js';
import { LinearClassifier } from '../linear/linear-classifier.js';
import { ClassificationTally, type ClassificationMetrics } from '../statistics/metrics.js';
import type { NgramKind } from '../text/ngrams/ngrams.js';
import type { Example } from '../text/types.js';
import type { ActiveRun } from './active-run.js';

/** What users of n-gram classifiers commonly take. */
const kinds: readonly NgramKind[] = [
  { unit: 'char', min: 1, max: 5 },
  { unit: 'word', min: 1, max: 2 },
];

/** Of more training text a sample is taken, so that a baseline takes half a minute at most. */
const mostCharacters = 6e6;
/** Characters of a token, with a space behind a word. */
const charactersOfToken = { word: 6, char: 1 } as const;

/** A linear classifier of n-grams: what a user would reach in seconds on a run's data. */
export interface Baseline {
  /** Training examples that it was fitted on. */
  readonly examples: number;
  /** Its n-grams. */
  readonly features: number;
  readonly valid: ClassificationMetrics;
  readonly seconds: number;
  /** Scores an example. */
  add(scores: CollectedScores, example: Example): void;
}

/**
 * Fits a linear classifier to the training texts of a run, and to the validation texts the scale that makes probabilities of its
 * scores. The same for any number of threads.
 *
 * @throws AdvError NATIVE, INTERRUPTED, and what reading the data throws; an error of code 'CANCELLED' when the signal fires
 */
export async function fitBaseline({ addon, data, recipe, execution, watch }: ActiveRun): Promise<Baseline> {
  const began = performance.now();
  const { dataset, train } = data;
  const { labels } = dataset;
  const { signal } = watch;
  watch.onProgress?.({ kind: 'stage', text: 'fitting a linear n-gram classifier to compare with' });
  const share = Math.min(1, mostCharacters / (train.tokens * charactersOfToken[recipe.level]));
  const classes: number[] = [];
  const texts = labelled(sampled(dataset.train(), share), labels, classes);
  const rows = await countCorpus(texts, kinds, signal);
  const { seed } = recipe;
  const model = await LinearClassifier.train(addon, rows, Int32Array.from(classes), {
    ...{ classCount: labels.length, seed, threads: execution.threads, signal },
  });
  const { scale, valid } = await calibrated(model, dataset.valid(), labels, signal);
  return {
    examples: classes.length,
    features: model.features.count,
    valid,
    seconds: (performance.now() - began) / 1000,
    add: (scores, { text, label }) => {
      scores.add(combined([model.scoresOf(text)], [scale]), labels.indexOf(label));
    },
  };
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

async function calibrated(
  model: LinearClassifier,
  examples: AsyncIterable<Example>,
  labels: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ readonly scale: number; readonly valid: ClassificationMetrics }> {
  const [scores, classes]: [Float64Array[], number[]] = [[], []];
  for await (const { text, label } of withPauses(examples, signal)) {
    scores.push(model.scoresOf(text));
    classes.push(labels.indexOf(label));
  }
  const [scale = 1] = fitScales([scores], classes);
  const collected = new CollectedScores();
  scores.forEach((row, place) => {
    collected.add(combined([row], [scale]), at(classes, place));
  });
  return { scale, valid: collected.metrics(labels) };
}

/** How a linear classifier does on some examples. */
export class CollectedScores {
  readonly #labels: number[] = [];
  readonly #predictions: number[] = [];
  readonly losses: number[] = [];

  /** Adds an example by its logits. */
  add(logits: Float64Array, label: number): void {
    this.#labels.push(label);
    this.#predictions.push(logits.indexOf(Math.max(...logits)));
    this.losses.push(crossEntropy(logits, label));
  }

  /** @param labels all classes */
  metrics(labels: readonly string[]): ClassificationMetrics {
    const tally = new ClassificationTally(labels);
    tally.add({
      labels: Int32Array.from(this.#labels),
      predictions: Int32Array.from(this.#predictions),
      losses: Float64Array.from(this.losses),
    });
    return tally.metrics();
  }
}
