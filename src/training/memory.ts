import { at } from '../base/at.js';
import { numbersOfParityRun, parityBatch } from '../onnx/parity.js';
import { stretchLength } from '../text/batches.js';
import type { EncodedSplit } from '../text/types.js';
import { parameterCount } from '../engine/cells.js';
import { callEngine } from '../engine/calls.js';
import type { NetworkRun } from './active-run.js';
import { stepOptions } from './native-model.js';
import type { Recipe } from '../recipe/recipe.js';
import { sum } from '../statistics/sum.js';

const bytesOfNumber = 4;

/** Vectors of a checkpoint: the state's three, the average where one is kept, and the best epoch's. */
const vectorsOfCheckpoint = ({ ema }: Pick<Recipe, 'ema'>): number => (ema > 0 ? 5 : 4);

/** A run before its training begins. */
export interface TrainingToCome extends Pick<NetworkRun, 'addon' | 'classifier' | 'recipe'> {
  readonly data: { readonly train: EncodedSplit; readonly valid: EncodedSplit };
  /** Whether it continues from a checkpoint. */
  readonly resumes: boolean;
}

/**
 * Refuses a run that this process may not have the memory for: the largest batch that an epoch can have, its texts on
 * their way to the engine, the check of the exported model, and the copies of the parameters that are held beside the model. Nothing
 * is touched.
 *
 * @throws AdvError NATIVE that says how much is needed and what bounds it; USAGE when a batch could have more tokens than 2^31
 */
export function requireTrainingMemory(run: TrainingToCome): void {
  const { addon, classifier, data, recipe } = run;
  const { batchSize } = recipe;
  const batch = longestTexts(data.train, batchSize);
  const validBatch = longestTexts(data.valid, batchSize);
  // Texts like these are what the exported model is compared on.
  const checked = longestTexts(data.valid, parityBatch);
  const engine = callEngine(() =>
    Math.max(
      classifier.bytesFor(batch, stepOptions(recipe)),
      classifier.bytesFor(validBatch),
      classifier.bytesFor(checked),
    ),
  );
  // While a checkpoint is read there are two of each of its vectors: those of the file and those made of it.
  const copies = (run.resumes ? 2 : 1) * vectorsOfCheckpoint(recipe) * parameterCount(classifier.tensors);
  // The running batch, its copy in the engine and the next one; a stretch, the next one and the batch made of it.
  const stretch = longestTexts(data.valid, stretchLength(batchSize));
  const ids = Math.max(
    3 * integersOf(data.train, batch),
    2 * integersOf(data.valid, stretch) + 2 * integersOf(data.valid, validBatch),
    // The texts, their copy, and integers of 64 bits with shares; what onnxruntime makes of them.
    7 * integersOf(data.valid, checked) +
      numbersOfParityRun(classifier.config, checked.length, at(checked, 0)),
  );
  const bytes = engine + bytesOfNumber * (copies + ids);
  const what = `training, with batches of up to ${sum(batch)} tokens, the best epoch's parameters and the state for a checkpoint,`;
  callEngine(() => {
    addon.requireMemory({ bytes, what });
  });
}

/** Integers of texts of these lengths: token ids and, where words have n-grams, the words with theirs. */
function integersOf(split: EncodedSplit, lengths: Int32Array): number {
  const tokens = sum(lengths);
  const subwords = split.mostSubwords(tokens);
  return subwords === 0 ? tokens : 3 * tokens + subwords;
}

/** Lengths of the `count` longest texts of a split, or of all if it has fewer. */
export function longestTexts(split: Pick<EncodedSplit, 'count' | 'lengthOf'>, count: number): Int32Array {
  const ofLength = new Map<number, number>();
  for (let row = 0; row < split.count; row++) {
    const length = split.lengthOf(row);
    ofLength.set(length, (ofLength.get(length) ?? 0) + 1);
  }
  const longest = new Int32Array(Math.min(count, split.count));
  let place = 0;
  for (const [length, texts] of [...ofLength].sort(([a], [b]) => b - a)) {
    longest.fill(length, place, place + texts);
    place += texts;
    if (place >= longest.length) break;
  }
  return longest;
}
