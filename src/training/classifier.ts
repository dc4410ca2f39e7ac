import { throwIfInterrupted } from '../base/streaming.js';
import { AdvError } from '../base/errors.js';
import type {
  NativeAddon,
  NativeBatch,
  NativeClassifier,
  NativeClassifierConfig,
  NativeEvaluation,
  NativeStepResult,
  NativeTensorInfo,
  NativeTexts,
} from '../engine/addon.js';
import { loadAddon } from '../engine/loader.js';
import type { ModelMetadata } from '../inference/metadata.js';
import type { OnnxParity } from '../onnx/parity.js';
import { defaultEpsilon } from '../datasets/defaults.js';
import { checkOptions } from '../base/check-options.js';
import { pick } from '../base/option.js';
import {
  adversarialOptions,
  classifierOptions,
  trainStepOptions,
  type ClassifierOptions,
  type TrainStepOptions,
} from './classifier-options.js';
import { exportModel, randomTexts } from './export-model.js';
import { asInterruption, isCancelled } from '../base/interruption.js';
import { asMemoryError } from '../base/memory-error.js';
import { callEngine, cancellable } from '../engine/calls.js';
import { predictLogits } from './native-model.js';
import { defaultThreads } from '../recipe/execution.js';
import { readSavedClassifier, writeSavedClassifier } from './saved-classifier.js';

/**
 * A bidirectional recurrent text classifier in the native engine, for programs that bring their own data and loop. Batches
 * are packed: example b owns ids[offsets[b]] … ids[offsets[b + 1] − 1], and every text has at least one token. Where words have n-grams
 * (`buckets`), a batch has `words`, and ids are places in these.
 *
 * `train()` does not use it: its steps are in schedule.ts.
 *
 * Computation runs off the event loop, on threads of the classifier's own. One call at a time: a second one before the
 * first is settled is refused. The initial weights are made by the first call that needs them.
 */
export class Classifier implements Disposable {
  readonly #native: NativeClassifier;

  /**
   * @param addon the engine; only tests name another than the package's own
   * @throws AdvError USAGE when an option is wrong, NATIVE when the addon cannot be loaded, or when this process may not
   *   have the memory or the threads that the model needs: nothing is taken then
   */
  constructor(options: ClassifierOptions, addon: NativeAddon = loadAddon()) {
    checkOptions(options, classifierOptions);
    const config: NativeClassifierConfig = {
      vocabularySize: options.vocabularySize,
      classCount: options.classCount,
      cell: options.cell ?? 'gru',
      pooling: options.pooling ?? ['last'],
      embeddingSize: options.embeddingSize ?? 100,
      hiddenSize: options.hiddenSize ?? 200,
      mlpSize: options.mlpSize ?? 256,
      layers: options.layers ?? 1,
      buckets: options.buckets ?? 0,
      unknownId: options.unknownId ?? 0,
      embeddingRange: options.embeddingRange ?? 0.05,
      ema: options.ema ?? 0,
      loss: options.loss ?? 'cross-entropy',
      seed: options.seed ?? 1,
      threads: options.threads ?? defaultThreads(),
    };
    this.#native = callEngine(() => new addon.Classifier(config));
  }

  /**
   * The classifier that save() stored, with its optimiser state: training goes on with the same bits.
   *
   * @throws AdvError CHECKPOINT when the file is missing, damaged or no saved classifier, USAGE when an option is wrong or unknown
   */
  static async load(
    path: string,
    options: Pick<ClassifierOptions, 'threads'> = {},
    addon?: NativeAddon,
  ): Promise<Classifier> {
    checkOptions(options, pick(classifierOptions, 'threads'));
    const { config, state } = await readSavedClassifier(path).catch((error: unknown) => {
      throw asMemoryError(error);
    });
    const classifier = new Classifier({ ...config, threads: options.threads ?? defaultThreads() }, addon);
    try {
      callEngine(() => {
        classifier.#native.writeState(state);
      });
    } catch (error) {
      classifier.dispose();
      throw error;
    }
    return classifier;
  }

  /** Shape and seed. */
  get config(): NativeClassifierConfig {
    return this.#native.config;
  }

  /** Name, shape and place of each tensor in parameters(). */
  get tensors(): readonly NativeTensorInfo[] {
    return this.#native.tensors;
  }

  /** Training steps taken so far. */
  get step(): number {
    return callEngine(() => this.#native.step);
  }

  /**
   * Makes the initial weights off the event loop. Needed only before a synchronous parameters() of a large model that
   * nothing else was asked of: it would make them while the event loop waits.
   *
   * @throws AdvError INTERRUPTED, NATIVE for a lack of memory
   */
  async ready(signal?: AbortSignal): Promise<void> {
    return this.#call(signal, () => cancellable(this.#native, signal, () => this.#native.ready()));
  }

  /** A copy of the flat parameter vector; with `ema` of its average, which evaluation and prediction use. */
  parameters(): Float32Array {
    return callEngine(() => this.#native.readParameters());
  }

  /**
   * One training step: clean pass, perturbation Δ, perturbed pass, clipping, Adam.
   *
   * @throws AdvError USAGE when an option is wrong or unknown; NOT_FINITE when a loss or gradient is NaN or infinite: no update is then applied; INTERRUPTED; NATIVE
   *   when this process may not have the memory that the batch needs: the classifier is then as it was
   */
  async trainStep(
    batch: NativeBatch,
    options: TrainStepOptions = {},
    signal?: AbortSignal,
  ): Promise<NativeStepResult> {
    checkOptions(options, trainStepOptions);
    if (options.adversarial !== undefined) checkOptions(options.adversarial, adversarialOptions);
    const { learningRate = 0.001, dropoutKeep = 1, unknownRate = 0, clipNorm = 5, weightDecay = 0 } = options;
    const plain = { learningRate, dropoutKeep, unknownRate, clipNorm, weightDecay };
    const { adversarial } = options;
    const { attack: kind = 'fast-gradient-sign', alpha = 0.5 } = adversarial ?? {};
    const { epsilon = defaultEpsilon, epsilonUnit = 'std' } = adversarial ?? {};
    const attack = { kind, epsilon, unit: epsilonUnit };
    const step = adversarial === undefined ? plain : { ...plain, attack, alpha };
    return this.#call(signal, () =>
      cancellable(this.#native, signal, () => this.#native.trainStep(batch, step)),
    );
  }

  /** Loss and prediction of each example, without dropout or replacement. */
  async evaluate(batch: NativeBatch, signal?: AbortSignal): Promise<NativeEvaluation> {
    return this.#call(signal, () => cancellable(this.#native, signal, () => this.#native.evaluate(batch)));
  }

  /** B × C logits, row-major, of any number of texts. */
  async predict(texts: NativeTexts, signal?: AbortSignal): Promise<Float32Array> {
    return this.#call(signal, () => predictLogits(this.#native, texts, signal));
  }

  /**
   * Stores parameters and optimiser state in the safetensors format, atomically.
   *
   * @throws AdvError STORAGE
   */
  async save(path: string): Promise<void> {
    await this.ready();
    const state = callEngine(() => this.#native.readState());
    await writeSavedClassifier(path, { config: this.config, state });
  }

  /**
   * Writes an ONNX model and compares it with this classifier on random token sequences.
   *
   * @param metadata vocabulary, labels and tokenizer, from which `advnative/inference` classifies texts
   * @returns the largest difference of a probability; undefined when onnxruntime-node is not installed
   * @throws AdvError STORAGE, or MODEL when the two differ by more than rounding
   */
  async exportOnnx(
    path: string,
    metadata: ModelMetadata,
    signal?: AbortSignal,
  ): Promise<OnnxParity | undefined> {
    await this.ready(signal);
    const texts = randomTexts(this.config);
    return this.#call(signal, () =>
      exportModel({ network: this.#native }, metadata, path, texts, { signal }),
    );
  }

  /** Frees the native memory. May be called again; every other call is refused afterwards. */
  dispose(): void {
    this.#native.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #call<Result>(signal: AbortSignal | undefined, call: () => Promise<Result>): Promise<Result> {
    throwIfInterrupted(signal);
    try {
      return await call();
    } catch (error) {
      if (isCancelled(error) && !signal?.aborted) {
        throw new AdvError('INTERRUPTED', 'dispose() ended the running call', undefined, { cause: error });
      }
      throw asInterruption(error, signal);
    }
  }
}
