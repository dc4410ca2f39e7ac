import type { NativeBatch } from '../engine/addon.js';
import { at } from '../base/at.js';
import { pickTexts } from './packed.js';
import { Random } from '../base/random.js';
import type { EncodedSplit } from './types.js';

/** The batches of one epoch, in order. Any of them can be made at any time, so an epoch can be resumed in its middle. */
export interface BatchPlan {
  /** Batches in the epoch. */
  readonly count: number;
  /**
   * Has the split assemble a batch.
   *
   * @param index in [0, count)
   * @throws RangeError for another index, AdvError STORAGE when the disk that holds the token ids fails
   */
  batch(index: number): Promise<NativeBatch>;
}

/** A batch to evaluate, with the row of each of its B examples among the texts it was made of. */
export interface EvaluationBatch {
  readonly batch: NativeBatch;
  readonly rows: Int32Array;
}

/** Batches whose examples are sorted by length together: enough for even lengths, too few to lose the shuffle. */
const batchesInWindow = 50;

/** Texts that are sorted by length together in an evaluation, if they make whole batches. */
const textsInStretch = 2048;

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
  const rows = random.shuffle(firstIntegers(split.count));
  const count = Math.ceil(rows.length / batchSize);
  const order = random.shuffle(firstIntegers(count));
  const window = windows(rows, batchSize * batchesInWindow, (row) => split.lengthOf(row));
  return {
    count,
    async batch(index) {
      const place = order[index];
      if (place === undefined) {
        throw new RangeError(`expected a batch index from 0 to ${count - 1}, got ${index}`);
      }
      const first = (place % batchesInWindow) * batchSize;
      return split.batch(window(Math.floor(place / batchesInWindow)).subarray(first, first + batchSize));
    },
  };
}

/** Cuts rows into windows, each sorted by length when it is first asked for: sorting all at once would hold up a signal. */
function windows(
  rows: Int32Array,
  size: number,
  lengthOf: (row: number) => number,
): (index: number) => Int32Array {
  const sorted = new Uint8Array(Math.ceil(rows.length / size));
  return (index) => {
    const window = rows.subarray(index * size, (index + 1) * size);
    if (sorted[index] === 0) sortByLength(window, lengthOf);
    sorted[index] = 1;
    return window;
  };
}

/** How many texts an evaluation should take at once: whole batches, enough to put texts of like length together. */
export function stretchLength(batchSize: number): number {
  return Math.ceil(textsInStretch / batchSize) * batchSize;
}

/** A whole split in stretches of so many texts, in its order. */
export async function* stretches(
  split: EncodedSplit,
  length: number,
): AsyncGenerator<NativeBatch, void, undefined> {
  for (let first = 0; first < split.count; first += length) {
    const count = Math.min(length, split.count - first);
    yield await split.batch(firstIntegers(count).map((row) => first + row));
  }
}

/** Batches of packed texts for evaluation: sorted by length, so that texts of like length are together. */
export function* evaluationBatches(
  texts: NativeBatch,
  batchSize: number,
): Generator<EvaluationBatch, void, undefined> {
  const sorted = firstIntegers(texts.labels.length);
  sortByLength(sorted, (row) => at(texts.offsets, row + 1) - at(texts.offsets, row));
  for (let start = 0; start < sorted.length; start += batchSize) {
    const rows = sorted.slice(start, start + batchSize);
    yield { batch: pickTexts(texts, rows), rows };
  }
}

/** 0 … count − 1. */
function firstIntegers(count: number): Int32Array {
  const integers = new Int32Array(count);
  for (let place = 0; place < count; place++) integers[place] = place;
  return integers;
}

/** Sorts rows in place by the length of their text; rows of equal length keep their order. */
function sortByLength(rows: Int32Array, lengthOf: (row: number) => number): void {
  // Length and place in one number: numbers sort without a comparison function, and no two are equal.
  const keys = Float64Array.from(rows, (row, place) => lengthOf(row) * rows.length + place);
  const before = rows.slice();
  keys.sort().forEach((key, place) => {
    rows[place] = at(before, key % rows.length);
  });
}
