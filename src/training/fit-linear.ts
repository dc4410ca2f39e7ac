import { inStage } from '../base/stage.js';
import { at } from '../base/at.js';
import { asMemoryErrorOf } from '../base/memory-error.js';
import { combined, fitScales, type ScoreRows } from '../linear/calibration.js';
import { LinearClassifier } from '../linear/linear-classifier.js';
import { labelled, type LabelledExample } from '../text/encode.js';
import { countCorpus } from '../text/ngrams/count-corpus.js';
import type { NgramKind } from '../text/ngrams/kind.js';
import type { ActiveRun } from './active-run.js';
import { sampled } from './sampled.js';

/** What the scales of the support vector machine and of naive Bayes were on eight corpora: docs/decisions/baseline.md. */
const likelyScales = [
  { usual: 2.5, spread: 1 },
  { usual: 0.9, spread: 0.7 },
];

/** What fits, with what it fits it. */
type FitJob = Pick<ActiveRun, 'addon' | 'recipe' | 'execution' | 'watch'>;

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

/** Texts to fit to and to validate on. */
export interface LinearTexts {
  readonly labels: readonly string[];
  readonly train: AsyncIterable<LabelledExample> | Iterable<LabelledExample>;
  readonly valid: AsyncIterable<LabelledExample>;
}

/**
 * Fits a linear classifier of n-grams to training texts. It is the sum of a support vector machine and naive Bayes, which Wang and Manning
 * (2012) found to help each other; their scales are fitted to the validation texts. The same for any number of threads.
 *
 * @param texts of which those to train on are all that the run has, or a sample
 * @param less what takes less memory, as the end of a sentence: part of the hint where there is not enough
 * @throws AdvError NATIVE, INTERRUPTED, and what reading the data throws
 */
export function fitLinear(
  job: FitJob,
  kinds: readonly NgramKind[],
  texts: LinearTexts,
  less: string,
): Promise<FittedLinear> {
  const stage = 'fitting a linear classifier of n-grams';
  return inStage(stage, job.watch, async () => {
    try {
      return await fit(job, kinds, texts);
    } catch (error) {
      throw asMemoryErrorOf(error, stage, less);
    }
  });
}

async function fit(
  { addon, recipe, execution, watch }: FitJob,
  kinds: readonly NgramKind[],
  { labels, train, valid }: LinearTexts,
): Promise<FittedLinear> {
  const began = performance.now();
  const { signal } = watch;
  const classes: number[] = [];
  const rows = await countCorpus(textsOf(train, classes), kinds, signal);
  const parts = await LinearClassifier.train(addon, rows, Int32Array.from(classes), {
    classCount: labels.length,
    seed: recipe.seed,
    threads: execution.threads,
    signal,
  });
  const scores: [Float64Array[], Float64Array[]] = [[], []];
  const validLabels: number[] = [];
  for await (const text of textsOf(valid, validLabels)) {
    const row = rows.features.rowOf(text);
    parts.forEach((part, place) => scores[place]?.push(part.scoresOf(row)));
  }
  const scales = fitScales(
    scores.map((rows, part) => ({ scores: rows, likely: at(likelyScales, part) })),
    validLabels,
  );
  const classifier = LinearClassifier.sum(parts, scales);
  const validScores = scores[0].map((row, place) => combined([row, at(scores[1], place)], scales));
  const seconds = (performance.now() - began) / 1000;
  return { classifier, examples: classes.length, validScores, validLabels, seconds };
}

/**
 * The validation texts of a run, and its training texts or a sample of them.
 *
 * @param mostCharacters UTF-16 units that the sample has at most, see sampled()
 */
export function sampleOf(
  { data, recipe, watch }: Pick<ActiveRun, 'data' | 'recipe' | 'watch'>,
  mostCharacters: number,
): LinearTexts {
  const { labels, train, valid } = data.dataset;
  const how = { labels, signal: watch.signal };
  const drawn = async function* (): AsyncGenerator<LabelledExample, void, undefined> {
    yield* await sampled(labelled(train(), how), mostCharacters, recipe.seed);
  };
  return { labels, train: drawn(), valid: labelled(valid(), how) };
}

/** The texts of examples; `classes` receives their labels' places. */
async function* textsOf(
  examples: LinearTexts['train'],
  classes: number[],
): AsyncGenerator<string, void, undefined> {
  for await (const { example, label } of examples) {
    classes.push(label);
    yield example.text;
  }
}
