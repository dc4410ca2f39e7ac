import type { NativeAddon } from '../engine/addon.js';
import { callEngine, cancellable, throwIfCancelled } from '../engine/calls.js';
import type { FeatureRow, NgramFeatures } from '../text/ngrams/features.js';
import type { FeatureRows } from '../text/ngrams/count-corpus.js';

/** How a linear classifier is trained. */
export interface LinearTrainingOptions {
  /** C ≥ 2. */
  readonly classCount: number;
  /** Decides the order of the examples. */
  readonly seed: number;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What scikit-learn's LinearSVC has: cost 1, and the stopping rule of LIBLINEAR for the dual problem.
 */
const training = { cost: 1, passes: 30, tolerance: 0.1 };

/** S, the scores that weights make of a text: one for each of C classes, but of two the second's alone, as the first's is then 0. */
export function scoreCount(classCount: number): number {
  return classCount === 2 ? 1 : classCount;
}

/** A linear classifier of n-grams: C scores of a text, of which the largest is its class. */
export class LinearClassifier {
  readonly features: NgramFeatures;
  readonly classCount: number;
  /** [F + 1][S], the last row the bias, see scoreCount(). */
  readonly weights: Float32Array;

  constructor(features: NgramFeatures, classCount: number, weights: Float32Array) {
    this.features = features;
    this.classCount = classCount;
    this.weights = weights;
  }

  /**
   * Trains one class against the rest for each class (see native/linear/one_vs_rest.h). The same bits for any number of threads.
   *
   * @param labels one below `classCount` for each row
   * @throws AdvError NATIVE for a lack of memory or threads; an error of code 'CANCELLED' when the signal fires
   */
  static async train(
    addon: NativeAddon,
    { features, ...rows }: FeatureRows,
    labels: Int32Array,
    { classCount, seed, threads, signal }: LinearTrainingOptions,
  ): Promise<LinearClassifier> {
    throwIfCancelled(signal);
    const featureCount = Math.max(features.count, 1);
    const problem = { ...training, ...rows, labels, featureCount, classCount, seed, threads };
    const native = callEngine(() => new addon.LinearTraining(problem));
    const trained = await cancellable(native, signal, () => native.train());
    // The engine takes no problem without features: without any, it has one that no text has.
    const weights = features.count === 0 ? trained.slice(trained.length / 2) : trained;
    return new LinearClassifier(features, classCount, weights);
  }

  /** The C scores of a text by its features. */
  scoresOf({ columns, values }: FeatureRow): Float64Array {
    const { classCount, weights } = this;
    const width = scoreCount(classCount);
    const skipped = classCount - width;
    const scores = new Float64Array(classCount);
    scores.set(weights.subarray(weights.length - width), skipped);
    for (let place = 0; place < columns.length; place++) {
      const first = (columns[place] ?? 0) * width;
      const value = values[place] ?? 0;
      for (let score = 0; score < width; score++) {
        scores[skipped + score] = (scores[skipped + score] ?? 0) + value * (weights[first + score] ?? 0);
      }
    }
    return scores;
  }

  /** The weights of every class, [F + 1][C], each times `scale`. */
  weightsOfClasses(scale: number): Float32Array {
    const { classCount, weights } = this;
    const width = scoreCount(classCount);
    const scaled = new Float32Array((weights.length / width) * classCount);
    let to = 0;
    for (let from = 0; from < weights.length; from += width) {
      to += classCount - width;
      for (let score = 0; score < width; score++) scaled[to++] = scale * (weights[from + score] ?? 0);
    }
    return scaled;
  }
}
