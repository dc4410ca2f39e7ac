import { AdvError } from '../errors.js';

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

/**
 * Metrics of a classifier from its predictions. The conventions are scikit-learn's with zero_division = 0: a class that
 * occurs neither as a label nor as a prediction has zeros and does not count in macro F1.
 *
 * @param input.labels B labels in [0, C)
 * @param input.predictions B predicted classes in [0, C)
 * @param input.losses B finite losses
 * @param input.classNames C names
 * @throws AdvError USAGE when a length or class is wrong, NOT_FINITE when a loss is
 */
export function classificationMetrics(input: {
  readonly labels: Int32Array;
  readonly predictions: Int32Array;
  readonly losses: Float64Array;
  readonly classNames: readonly string[];
}): ClassificationMetrics {
  const { labels, predictions, losses, classNames } = input;
  requireSameLengths(labels, predictions, losses);
  const n = labels.length;
  const confusion = confusionMatrix(labels, predictions, classNames.length);
  const perClass = classNames.map((label, place) => classMetrics(label, place, confusion));
  const occurring = perClass.filter((one, place) => one.support > 0 || predictedCount(confusion, place) > 0);
  return {
    n,
    loss: sum(losses.map(requireFinite)) / n,
    accuracy: sum(classNames.map((_, place) => count(confusion, place, place))) / n,
    macroF1: sum(occurring.map((one) => one.f1)) / occurring.length,
    perClass,
    confusion,
  };
}

function requireSameLengths(labels: Int32Array, predictions: Int32Array, losses: Float64Array): void {
  if (labels.length === 0) throw new AdvError('USAGE', 'metrics expect at least 1 example, got 0');
  if (predictions.length === labels.length && losses.length === labels.length) return;
  throw new AdvError(
    'USAGE',
    `metrics expect as many labels as predictions and losses, ` +
      `got ${labels.length}, ${predictions.length} and ${losses.length}`,
  );
}

function confusionMatrix(labels: Int32Array, predictions: Int32Array, classCount: number): number[][] {
  const confusion = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  labels.forEach((label, place) => {
    const prediction = predictions[place] ?? -1;
    const row = confusion[label];
    const before = row?.[prediction];
    if (row === undefined || before === undefined) {
      throw new AdvError(
        'USAGE',
        `metrics expect classes in [0, ${classCount}), got label ${label} and prediction ${prediction} at ${place}`,
      );
    }
    row[prediction] = before + 1;
  });
  return confusion;
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

function sum(values: readonly number[] | Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function requireFinite(loss: number, place: number): number {
  if (Number.isFinite(loss)) return loss;
  throw new AdvError('NOT_FINITE', `the loss of example ${place} is ${loss}`);
}
