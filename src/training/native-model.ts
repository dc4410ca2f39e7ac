import { Vocabulary } from '../text/vocabulary.js';
import { AdvError } from '../base/errors.js';
import type {
  NativeBatch,
  NativeClassifier,
  NativeClassifierConfig,
  NativeEvaluation,
  NativeStepOptions,
  NativeTexts,
} from '../engine/addon.js';
import { evaluationBatches } from '../text/batches.js';
import { sliceTexts } from '../text/packed.js';
import { errorCode } from '../base/system-error.js';
import { isCancelled } from '../base/interruption.js';
import { asMemoryError } from '../base/memory-error.js';
import type { Recipe } from './options.js';

/** What the engine needs to create the model of a recipe. */
export function classifierConfig(
  recipe: Recipe,
  data: { readonly vocabularySize: number; readonly classCount: number },
  threads: number,
): NativeClassifierConfig {
  return {
    cell: recipe.cell,
    vocabularySize: data.vocabularySize,
    embeddingSize: recipe.dimensions.embedding,
    hiddenSize: recipe.dimensions.hidden,
    mlpSize: recipe.dimensions.mlp,
    classCount: data.classCount,
    unknownId: Vocabulary.unknownId,
    embeddingRange: recipe.embeddingRange,
    seed: recipe.seed,
    threads,
  };
}

/** One training step of a recipe: Eq. 1 and 2 of the paper when the regime is adversarial. */
export function stepOptions(recipe: Recipe): NativeStepOptions {
  const plain: NativeStepOptions = {
    learningRate: recipe.learningRate,
    dropoutKeep: recipe.dropoutKeep,
    unknownRate: recipe.unknownRate,
    clipNorm: recipe.clipNorm,
    weightDecay: 0,
  };
  if (!recipe.regime.startsWith('adversarial')) return plain;
  const { epsilon, epsilonUnit, alpha } = recipe;
  return { ...plain, adversarial: { epsilon, epsilonUnit, alpha } };
}

/**
 * What a call of the engine threw, as an error for users: USAGE for a wrong argument, NOT_FINITE, NATIVE for all else, a lack of memory
 * among it.
 * A cancelled call's error stays, because only its caller knows whether it was an interruption.
 */
export function fromNative(error: unknown): unknown {
  if (error instanceof AdvError || !(error instanceof Error) || isCancelled(error)) return error;
  const lack = asMemoryError(error);
  if (lack !== error) return lack;
  const { message } = error;
  const code = errorCode(error);
  if (code === 'NOT_FINITE') {
    return new AdvError(
      'NOT_FINITE',
      message,
      'Try a smaller learning rate (--lr), gradient clipping (--clip-norm 5) or a smaller --epsilon. ' +
        'No update was applied, and the last checkpoint is as it was.',
      { cause: error },
    );
  }
  if (code === 'THREADS') {
    const hint = 'Use fewer: --threads N, or the option threads.';
    return new AdvError('NATIVE', message, hint, { cause: error });
  }
  const wrongArgument =
    error instanceof TypeError || error instanceof RangeError || code === 'INVALID_ARGUMENT';
  return new AdvError(wrongArgument ? 'USAGE' : 'NATIVE', message, undefined, { cause: error });
}

/**
 * Runs a call of the engine that answers at once.
 *
 * @throws AdvError as fromNative makes it
 */
export function callEngine<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw fromNative(error);
  }
}

/**
 * Runs one call of the engine and stops it as soon as the signal fires.
 *
 * @throws what the call rejects with; an error of code 'CANCELLED' when the signal stopped it
 */
export async function cancellable<Result>(
  classifier: Pick<NativeClassifier, 'cancel'>,
  signal: AbortSignal | undefined,
  call: () => Promise<Result>,
): Promise<Result> {
  const cancel = (): void => {
    classifier.cancel();
  };
  const pending = call();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await pending;
  } catch (error) {
    throw fromNative(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

/**
 * Evaluates packed texts in batches of similar length.
 *
 * @param onProgress receives how many texts each batch had
 * @returns losses and predictions in the order of the texts
 * @throws an error of code 'CANCELLED' when the signal fires, between two batches too
 */
export async function evaluateTexts(
  classifier: NativeClassifier,
  texts: NativeBatch,
  batchSize: number,
  watch: { readonly signal?: AbortSignal | undefined; readonly onProgress?: (count: number) => void } = {},
): Promise<NativeEvaluation> {
  const losses = new Float64Array(texts.labels.length);
  const predictions = new Int32Array(texts.labels.length);
  for (const { batch, rows } of evaluationBatches(texts, batchSize)) {
    throwIfCancelled(watch.signal);
    const result = await cancellable(classifier, watch.signal, () => classifier.evaluate(batch));
    rows.forEach((row, place) => {
      losses[row] = result.losses[place] ?? Number.NaN;
      predictions[row] = result.predictions[place] ?? -1;
    });
    watch.onProgress?.(rows.length);
  }
  return { losses, predictions };
}

/** Texts computed at once by predictLogits(): bounds the memory for activations. */
const predictionBatch = 32;

/**
 * Logits of any number of texts, B × C, row-major.
 *
 * @throws an error of code 'CANCELLED' when the signal fires
 */
export async function predictLogits(
  classifier: NativeClassifier,
  texts: NativeTexts,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const count = texts.offsets.length - 1;
  const { classCount } = classifier.config;
  const logits = new Float32Array(count * classCount);
  for (let first = 0; first < count; first += predictionBatch) {
    throwIfCancelled(signal);
    const part = sliceTexts(texts, first, Math.min(first + predictionBatch, count));
    logits.set(await cancellable(classifier, signal, () => classifier.predict(part)), first * classCount);
  }
  return logits;
}

/** Between two calls there is nothing to cancel: the work then ends the way cancel() would end it. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw Object.assign(new Error('the work was cancelled'), { code: 'CANCELLED' });
}
