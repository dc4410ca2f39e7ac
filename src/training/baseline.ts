import { at } from '../base/at.js';
import { crossEntropy } from '../linear/calibration.js';
import { squaredError } from '../statistics/loss.js';
import type { LossName } from '../statistics/loss-names.js';
import { softmax } from '../statistics/softmax.js';
import { ClassificationTally, type ClassificationMetrics } from '../statistics/metrics.js';
import type { LinearClassifier } from '../linear/linear-classifier.js';
import { ngramKindText, parseNgramKinds, type NgramKind } from '../text/ngrams/kind.js';
import { usualNgrams } from '../recipe/presets.js';
import type { ActiveRun } from './active-run.js';
import { fitLinear, sampleOf, type FittedLinear } from './fit-linear.js';

/** Those that a run has where nobody names others. */
const baselineKinds: readonly NgramKind[] = parseNgramKinds(usualNgrams) ?? [];

/** Whether n-grams are those of the baseline, in whatever order: such a model is what it would be compared with. */
export function areBaselineKinds(kinds: readonly NgramKind[]): boolean {
  const named = (some: readonly NgramKind[]): string => some.map(ngramKindText).sort().join();
  return named(kinds) === named(baselineKinds);
}

/** Of more training text a sample is taken, so that a baseline takes half a minute at most. */
const baselineCharacters = 6e6;

/** A linear classifier of n-grams, for comparison: what a user would reach in seconds on a run's data. */
export interface Baseline {
  /** Training examples that it was fitted on. */
  readonly examples: number;
  /** Its n-grams. */
  readonly features: number;
  readonly valid: ClassificationMetrics;
  readonly seconds: number;
  /** Its scores are logits. */
  readonly classifier: LinearClassifier;
}

/**
 * Fits the baseline of a run.
 *
 * @throws AdvError NATIVE, INTERRUPTED, and what reading the data throws
 */
export async function fitBaseline(run: Omit<ActiveRun, 'earlier'>): Promise<Baseline> {
  const less = 'leave this classifier out with --no-baseline, which is allowed beside --resume.';
  const fitted = await fitLinear(run, baselineKinds, sampleOf(run, baselineCharacters), less);
  return baselineOf(fitted, run.data.dataset.labels, run.recipe.loss);
}

/**
 * A linear classifier by itself.
 *
 * @param loss of the run that it is compared with
 */
export function baselineOf(
  fitted: FittedLinear,
  labels: readonly string[],
  loss: LossName = 'cross-entropy',
): Baseline {
  const { classifier, examples, validScores, validLabels, seconds } = fitted;
  return {
    examples,
    features: classifier.features.count,
    valid: measured(validScores, validLabels, labels, loss),
    seconds,
    classifier,
  };
}

/** How logits, of which a softmax makes probabilities, do on examples by a loss. */
export function measured(
  logits: readonly Float64Array[],
  classes: readonly number[],
  labels: readonly string[],
  loss: LossName = 'cross-entropy',
): ClassificationMetrics {
  const scores = new CollectedScores(loss);
  logits.forEach((row, place) => {
    scores.add(row, at(classes, place));
  });
  return scores.metrics(labels);
}

/** How a classifier whose probabilities are a softmax does on some examples, by a loss. */
export class CollectedScores {
  readonly losses: number[] = [];
  readonly #labels: number[] = [];
  readonly #predictions: number[] = [];
  readonly #loss: LossName;

  constructor(loss: LossName) {
    this.#loss = loss;
  }

  /** Adds an example by its logits. */
  add(logits: Float64Array, label: number): void {
    this.#labels.push(label);
    this.#predictions.push(logits.indexOf(Math.max(...logits)));
    this.losses.push(
      this.#loss === 'squared' ? squaredError(softmax(logits), label) : crossEntropy(logits, label),
    );
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
