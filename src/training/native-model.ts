import { Vocabulary } from '../text/vocabulary.js';
import { AdvError } from '../base/errors.js';
import { callEngine, cancellable, throwIfCancelled } from '../engine/calls.js';
import type {
  NativeAddon,
  NativeBatch,
  NativeClassifier,
  NativeClassifierConfig,
  NativeEvaluation,
  NativeStepOptions,
  NativeTexts,
} from '../engine/addon.js';
import { evaluationBatches } from '../text/batches.js';
import { sliceTexts } from '../text/packed.js';
import { subwordsOf, type Recipe } from '../recipe/recipe.js';
import { attackOf } from '../recipe/regime.js';

/** What the engine needs to create the model of a recipe. */
export function classifierConfig(
  recipe: Recipe,
  data: { readonly vocabularySize: number; readonly classCount: number },
  threads: number,
): NativeClassifierConfig {
  return {
    cell: recipe.cell,
    pooling: recipe.pooling,
    vocabularySize: data.vocabularySize,
    embeddingSize: recipe.dimensions.embedding,
    hiddenSize: recipe.dimensions.hidden,
    mlpSize: recipe.dimensions.mlp,
    layers: recipe.layers,
    buckets: subwordsOf(recipe)?.buckets ?? 0,
    classCount: data.classCount,
    unknownId: Vocabulary.unknownId,
    embeddingRange: recipe.embeddingRange,
    ema: recipe.ema,
    loss: recipe.loss,
    seed: recipe.seed,
    threads,
  };
}

/**
 * The model of a recipe, with weights that its seed decides.
 *
 * @throws AdvError USAGE when it is too large, NATIVE when the engine refuses it otherwise, such as for a lack of memory
 */
export function newClassifier(
  addon: NativeAddon,
  recipe: Recipe,
  data: Parameters<typeof classifierConfig>[1],
  threads: number,
): NativeClassifier {
  try {
    return callEngine(() => new addon.Classifier(classifierConfig(recipe, data, threads)));
  } catch (error) {
    // Options are checked: what is left to be wrong is how large they make the model together.
    if (!(error instanceof AdvError) || error.code !== 'USAGE') throw error;
    const hint = 'Take a smaller --hidden, --embedding, --mlp or --buckets, or fewer --layers.';
    throw new AdvError('USAGE', error.message.replace(/^config: /u, ''), hint, { cause: error });
  }
}

/**
 * One training step of a recipe: Eq. 1 and 2 of the paper when the regime is adversarial, Eq. 2 with another Δ when it is random.
 *
 * @param learningRate of the step, see learning-rate.ts
 */
export function stepOptions(recipe: Recipe, learningRate = recipe.learningRate): NativeStepOptions {
  const plain: NativeStepOptions = {
    learningRate,
    dropoutKeep: recipe.dropoutKeep,
    unknownRate: recipe.unknownRate,
    clipNorm: recipe.clipNorm,
    weightDecay: recipe.weightDecay,
  };
  const kind = attackOf(recipe.regime);
  if (kind === undefined) return plain;
  const { epsilon, epsilonUnit, alpha } = recipe;
  return { ...plain, attack: { kind, epsilon, unit: epsilonUnit }, alpha };
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
