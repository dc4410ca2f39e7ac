import type { NativeBatch } from '../native/addon.js';
import { at } from './at.js';
import { Random } from './random.js';
import type { EncodedSplit } from './types.js';

/** The batches of one epoch, in order. Any of them can be made at any time, so an epoch can be resumed in its middle. */
export interface BatchPlan {
  /** Batches in the epoch. */
  readonly count: number;
  /**
   * Assembles a batch.
   *
   * @param index in [0, count)
   * @throws RangeError for another index
   */
  batch(index: number): NativeBatch;
}

/** A batch to evaluate, with the split's row of each of its B examples. */
export interface EvaluationBatch {
  readonly batch: NativeBatch;
  readonly rows: Int32Array;
}

/** Batches whose examples are sorted by length together: enough for even lengths, too few to lose the shuffle. */
const batchesInWindow = 50;

/**
 * Plans one epoch of training: all examples shuffled, cut into windows of 50 batches, each window sorted by length and
 * cut into batches, the batches shuffled. Every example occurs once; one batch may be smaller than the others. A pure
 * function of the texts' lengths and the plan.
 *
 * @param plan.batchSize B, at least 1
 * @param plan.seed an integer in [0, 2^53)
 * @param plan.epoch an integer of at least 0
 */
export function trainingBatches(
  split: EncodedSplit,
  plan: { readonly batchSize: number; readonly seed: number; readonly epoch: number },
): BatchPlan {
  const { batchSize, seed, epoch } = plan;
  const random = new Random(seed, 'batches', epoch);
  const rows = random.shuffle(allRows(split));
  const windowSize = batchSize * batchesInWindow;
  for (let start = 0; start < rows.length; start += windowSize) {
    sortByLength(rows.subarray(start, start + windowSize), split.offsets);
  }
  const count = Math.ceil(rows.length / batchSize);
  const order = random.shuffle(Int32Array.from({ length: count }, (_, place) => place));
  return {
    count,
    batch(index) {
      const place = order[index];
      if (place === undefined) {
        throw new RangeError(`expected a batch index from 0 to ${count - 1}, got ${index}`);
      }
      return assemble(split, rows.subarray(place * batchSize, (place + 1) * batchSize));
    },
  };
}

/** Batches of a whole split for evaluation: sorted by length, so that texts of like length are together. */
export function* evaluationBatches(
  split: EncodedSplit,
  batchSize: number,
): Generator<EvaluationBatch, void, undefined> {
  const sorted = allRows(split);
  sortByLength(sorted, split.offsets);
  for (let start = 0; start < sorted.length; start += batchSize) {
    const rows = sorted.slice(start, start + batchSize);
    yield { batch: assemble(split, rows), rows };
  }
}

function allRows({ labels }: EncodedSplit): Int32Array {
  return Int32Array.from({ length: labels.length }, (_, row) => row);
}

/** Sorts rows in place by the length of their text; rows of equal length keep their order. */
function sortByLength(rows: Int32Array, offsets: Int32Array): void {
  // Length and place in one number: numbers sort without a comparison function, and no two are equal.
  const keys = Float64Array.from(rows, (row, place) => lengthOf(row, offsets) * rows.length + place);
  const before = rows.slice();
  keys.sort().forEach((key, place) => {
    rows[place] = at(before, key % rows.length);
  });
}

function lengthOf(row: number, offsets: Int32Array): number {
  return at(offsets, row + 1) - at(offsets, row);
}

/** Copies the texts and labels of some rows into a packed batch: ids [N], offsets [B + 1], labels [B]. */
function assemble(split: EncodedSplit, rows: Int32Array): NativeBatch {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, place) => {
    offsets[place + 1] = at(offsets, place) + lengthOf(row, split.offsets);
  });
  const ids = new Int32Array(at(offsets, rows.length));
  rows.forEach((row, place) => {
    ids.set(split.ids.subarray(split.offsets[row], split.offsets[row + 1]), offsets[place]);
  });
  return { ids, offsets, labels: rows.map((row) => at(split.labels, row)) };
}
