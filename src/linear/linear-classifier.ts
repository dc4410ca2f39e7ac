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
 * What scikit-learn's LinearSVC has: cost 1, and the stopping rule of LIBLINEAR for the dual problem. Of the smoothings 0.02, 0.1, 0.3
 * and 1 the first two served the validation texts of DSL, subjectivity and the Czech posts best.
 */
const training = { cost: 1, passes: 30, tolerance: 0.1, smoothing: 0.1 };

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
   * Trains two: a support vector machine for each class against the rest (see native/linear/one_vs_rest.h), and naive Bayes
   * (native/linear/naive_bayes.h), to which all features that a text has once count the same, whatever their inverse frequencies. The same
   * bits for any number of threads.
   *
   * @param labels one below `classCount` for each row
   * @throws AdvError NATIVE for a lack of memory or threads; an error of code 'CANCELLED' when the signal fires
   */
  static async train(
    addon: NativeAddon,
    { features, ...rows }: FeatureRows,
    labels: Int32Array,
    { classCount, seed, threads, signal }: LinearTrainingOptions,
  ): Promise<[oneVsRest: LinearClassifier, naiveBayes: LinearClassifier]> {
    throwIfCancelled(signal);
    const featureCount = Math.max(features.count, 1);
    const problem = { ...training, ...rows, labels, featureCount, classCount, seed, threads };
    const native = callEngine(() => new addon.LinearTraining(problem));
    const trained = await cancellable(native, signal, () => native.train());
    const { inverseFrequencies } = features.table;
    const width = scoreCount(classCount);
    for (let place = 0; place < features.count * width; place++) {
      const weight = trained.naiveBayes[place] ?? 0;
      trained.naiveBayes[place] = weight / (inverseFrequencies[Math.floor(place / width)] ?? 1);
    }
    const classifierOf = (weights: Float32Array): LinearClassifier => {
      // The engine takes no problem without features: without any, it has one that no text has.
      const own = features.count === 0 ? weights.slice(weights.length / 2) : weights;
      return new LinearClassifier(features, classCount, own);
    };
    return [classifierOf(trained.oneVsRest), classifierOf(trained.naiveBayes)];
  }

  /** The classifier whose scores are the sum of two others', each scaled; both have the same features and classes. */
  static sum(
    [first, second]: readonly [LinearClassifier, LinearClassifier],
    [firstScale = 0, secondScale = 0]: readonly number[],
  ): LinearClassifier {
    const weights = first.weights.map(
      (weight, place) => firstScale * weight + secondScale * (second.weights[place] ?? 0),
    );
    return new LinearClassifier(first.features, first.classCount, weights);
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
