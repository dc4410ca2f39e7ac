import { at } from '../base/at.js';
import { softmax } from '../statistics/softmax.js';

/** Rows of C scores, one an example. */
export type ScoreRows = readonly Float64Array[];

/** One kind of scores, and what is known of its scale. */
export interface ScaledPart {
  readonly scores: ScoreRows;
  readonly likely: LikelyScale;
}

const mostRounds = 50;
/** Relative size of a step that changes nothing any more. */
const tolerance = 1e-7;

/** What a scale is likely to be before any example is seen: about so much, give or take the spread. */
export interface LikelyScale {
  readonly usual: number;
  readonly spread: number;
}

/** Nothing is known of a scale but that it is no very large number: scores that never err would have no end of it. */
export const unknownScale: LikelyScale = { usual: 0, spread: 10 };

/**
 * The scales s_1 … s_K for which softmax(s_1 · scores_1 + … + s_K · scores_K) has the least mean cross-entropy on some examples. Of one
 * kind of scores it makes probabilities (temperature scaling, Guo et al. 2017); of several it weighs them
 * against each other. None is below 0: what speaks against itself is left out. A few examples say little, and a single one that is wrong
 * would make the least loss that of no answer at all: so a scale is taken to be normally distributed around what is usual, and the scales
 * are the most probable ones. The loss is convex, and Newton's method finds its minimum.
 *
 * @param parts kinds of scores of the same examples, of which there is at least one, each with what is known of its scale
 * @param labels one in [0, C) for each example
 */
export function fitScales(parts: readonly ScaledPart[], labels: ArrayLike<number>): number[] {
  const scales = freeScales(parts, labels);
  const least = scales.indexOf(Math.min(...scales));
  if (scales.length === 0 || at(scales, least) >= 0) return scales;
  return fitScales(parts.toSpliced(least, 1), labels).toSpliced(least, 0, 0);
}

/** The same without a bound. */
function freeScales(parts: readonly ScaledPart[], labels: ArrayLike<number>): number[] {
  let scales = parts.map(({ likely }) => likely.usual);
  let current = slopesAt(parts, labels, scales);
  for (let round = 0; round < mostRounds; round++) {
    const step = solved(current.curvature, current.gradient);
    const next = smallerLoss(parts, labels, { scales, step, loss: current.loss });
    if (next === undefined) break;
    const moved = next.map((scale, part) => Math.abs(scale - at(scales, part)));
    scales = next;
    if (moved.every((distance, part) => distance <= tolerance * (1 + Math.abs(at(next, part))))) break;
    current = slopesAt(parts, labels, scales);
  }
  return scales;
}

/** −ln of the probability of a label, where probabilities are the softmax of scores. */
export function crossEntropy(scores: Float64Array, label: number): number {
  return -Math.log(Math.max(at(softmax(scores), label), Number.MIN_VALUE));
}

/** The sum of an example's scores, each kind of them scaled. */
export function combined(rows: readonly Float64Array[], scales: readonly number[]): Float64Array {
  const [first] = rows;
  return new Float64Array(first?.length ?? 0).map((_, score) =>
    rows.reduce((sum, row, part) => sum + at(scales, part) * at(row, score), 0),
  );
}

/** Takes the whole step, or half of it again and again until the loss is smaller; undefined when it never is. */
function smallerLoss(
  parts: readonly ScaledPart[],
  labels: ArrayLike<number>,
  from: { readonly scales: readonly number[]; readonly step: readonly number[]; readonly loss: number },
): number[] | undefined {
  for (let share = 1; share > 1e-6; share /= 2) {
    const scales = from.scales.map((scale, part) => scale - share * at(from.step, part));
    if (slopesAt(parts, labels, scales).loss < from.loss) return scales;
  }
  return undefined;
}

interface Slopes {
  readonly loss: number;
  /** [K] */
  readonly gradient: number[];
  /** [K][K] */
  readonly curvature: number[][];
}

/** Loss, gradient and second derivatives at some scales. */
function slopesAt(
  parts: readonly ScaledPart[],
  labels: ArrayLike<number>,
  scales: readonly number[],
): Slopes {
  const length = parts[0]?.scores.length ?? 0;
  const precisions = parts.map(({ likely }) => 1 / (likely.spread ** 2 * length));
  const distances = parts.map(({ likely }, part) => at(scales, part) - likely.usual);
  const gradient = distances.map((distance, part) => at(precisions, part) * distance);
  let loss = 0.5 * distances.reduce((sum, distance, part) => sum + at(gradient, part) * distance, 0);
  const curvature = precisions.map((precision, row) =>
    precisions.map((_, column): number => (row === column ? precision : 0)),
  );
  for (let place = 0; place < length; place++) {
    const rows = parts.map(({ scores }) => at(scores, place));
    const label = at(labels, place);
    const probabilities = softmax(combined(rows, scales));
    loss -= Math.log(Math.max(at(probabilities, label), Number.MIN_VALUE)) / length;
    const means = rows.map((row) => expected(probabilities, (score) => at(row, score)));
    means.forEach((mean, part) => {
      gradient[part] = at(gradient, part) + (mean - at(at(rows, part), label)) / length;
      const derivatives = at(curvature, part);
      rows.forEach((other, column) => {
        const product = expected(probabilities, (score) => at(at(rows, part), score) * at(other, score));
        derivatives[column] = at(derivatives, column) + (product - mean * at(means, column)) / length;
      });
    });
  }
  return { loss, gradient, curvature };
}

function expected(probabilities: Float64Array, valueOf: (score: number) => number): number {
  return probabilities.reduce((sum, probability, score) => sum + probability * valueOf(score), 0);
}

/** Solves a symmetric system with a positive diagonal by elimination. */
function solved(matrix: readonly number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, place) => [...row, at(right, place)]);
  rows.forEach((pivot, place) => {
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = at(row, place) / at(pivot, place);
      row.forEach((value, column) => (row[column] = value - factor * at(pivot, column)));
    }
  });
  return rows.map((row, place) => at(row, right.length) / at(row, place));
}
