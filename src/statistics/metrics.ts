import { AdvError } from '../base/errors.js';
import { sum } from './sum.js';

/** How well a class is found. */
export interface ClassMetrics {
  readonly label: string;
  /** Share of the examples predicted as this class that have it; 0 when none is predicted. */
  readonly precision: number;
  /** Share of the examples of this class that are predicted as it; 0 when there is none. */
  readonly recall: number;
  /** Harmonic mean of precision and recall; 0 when both are 0. */
  readonly f1: number;
  /** Examples that have this class. */
  readonly support: number;
}

/** What is reported of a model on one split. */
export interface ClassificationMetrics {
  /** Number of examples. */
  readonly n: number;
  /** Mean loss. */
  readonly loss: number;
  /** Share of the examples whose prediction is their label. */
  readonly accuracy: number;
  /** Mean F1 over the classes that occur as a label or as a prediction. */
  readonly macroF1: number;
  /** Every class, in the order of the class names. */
  readonly perClass: ClassMetrics[];
  /** Counts, [true class][predicted class]. */
  readonly confusion: number[][];
}

/** Classes and losses of some examples, each at its place. */
export interface Scores {
  /** B labels in [0, C). */
  readonly labels: Int32Array;
  /** B predicted classes in [0, C). */
  readonly predictions: Int32Array;
  /** B finite losses. */
  readonly losses: Float64Array;
}

/**
 * Adds up the metrics of a classifier, some examples at a time, in memory that does not grow with their number. The
 * conventions are scikit-learn's with zero_division = 0: a class that occurs neither as a label nor as a prediction has
 * zeros and does not count in macro F1.
 */
export class ClassificationTally {
  readonly #classNames: readonly string[];
  readonly #confusion: number[][];
  #n = 0;
  #loss = 0;

  /** @param classNames C names */
  constructor(classNames: readonly string[]) {
    this.#classNames = classNames;
    this.#confusion = classNames.map(() => new Array<number>(classNames.length).fill(0));
  }

  /** Examples so far. */
  get n(): number {
    return this.#n;
  }

  /**
   * Counts some examples.
   *
   * @throws AdvError USAGE when a length or class is wrong, NOT_FINITE when a loss is
   */
  add({ labels, predictions, losses }: Scores): void {
    requireSameLengths(labels, predictions, losses);
    labels.forEach((label, place) => {
      this.#loss += requireFinite(losses[place] ?? Number.NaN, this.#n);
      this.#count(label, predictions[place] ?? -1);
      this.#n += 1;
    });
  }

  /**
   * The metrics of all examples so far.
   *
   * @throws AdvError USAGE when there is none
   */
  metrics(): ClassificationMetrics {
    if (this.#n === 0) throw new AdvError('USAGE', 'metrics expect at least 1 example, got 0');
    const confusion = this.#confusion.map((row) => [...row]);
    const perClass = this.#classNames.map((label, place) => classMetrics(label, place, confusion));
    const occurring = perClass.filter(
      (one, place) => one.support > 0 || predictedCount(confusion, place) > 0,
    );
    return {
      n: this.#n,
      loss: this.#loss / this.#n,
      accuracy: sum(this.#classNames.map((_, place) => count(confusion, place, place))) / this.#n,
      macroF1: sum(occurring.map((one) => one.f1)) / occurring.length,
      perClass,
      confusion,
    };
  }

  #count(label: number, prediction: number): void {
    const row = this.#confusion[label];
    const before = row?.[prediction];
    if (row === undefined || before === undefined) {
      throw new AdvError(
        'USAGE',
        `metrics expect classes in [0, ${this.#classNames.length}), ` +
          `got label ${label} and prediction ${prediction} at ${this.#n}`,
      );
    }
    row[prediction] = before + 1;
  }
}

function requireSameLengths(labels: Int32Array, predictions: Int32Array, losses: Float64Array): void {
  if (predictions.length === labels.length && losses.length === labels.length) return;
  throw new AdvError(
    'USAGE',
    `metrics expect as many labels as predictions and losses, ` +
      `got ${labels.length}, ${predictions.length} and ${losses.length}`,
  );
}

function classMetrics(label: string, place: number, confusion: number[][]): ClassMetrics {
  const correct = count(confusion, place, place);
  const support = sum(confusion[place] ?? []);
  const predicted = predictedCount(confusion, place);
  return {
    label,
    precision: ratio(correct, predicted),
    recall: ratio(correct, support),
    f1: ratio(2 * correct, support + predicted),
    support,
  };
}

function predictedCount(confusion: number[][], place: number): number {
  return sum(confusion.map((row) => row[place] ?? 0));
}

function count(confusion: number[][], label: number, prediction: number): number {
  return confusion[label]?.[prediction] ?? 0;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function requireFinite(loss: number, place: number): number {
  if (Number.isFinite(loss)) return loss;
  throw new AdvError(
    'NOT_FINITE',
    `the loss of example ${place} is ${loss}`,
    "The model's parameters have grown beyond measure: train it with a smaller learning rate (--lr).",
  );
}
