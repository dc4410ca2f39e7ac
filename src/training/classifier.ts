import { throwIfInterrupted } from '../data/streaming.js';
import { AdvError } from '../errors.js';
import type {
  NativeAddon,
  NativeAdversarialOptions,
  NativeBatch,
  NativeCell,
  NativeClassifier,
  NativeClassifierConfig,
  NativeEvaluation,
  NativeStepResult,
  NativeTensorInfo,
  NativeTexts,
} from '../native/addon.js';
import { cellNames } from '../native/cells.js';
import { loadAddon } from '../native/loader.js';
import type { ModelMetadata } from '../onnx/metadata.js';
import type { OnnxParity } from '../onnx/parity.js';
import { defaultEpsilon } from '../data/defaults.js';
import { checkOptions, choice, integer, number, type OptionRule } from './checks.js';
import { exportModel, randomTexts } from './export-model.js';
import { asInterruption } from './interruption.js';
import { callEngine, cancellable, isCancelled, predictLogits } from './native-model.js';
import { defaultThreads } from './options.js';
import { readTensorFile, writeTensorFile } from './safetensors.js';

/** Shape of a classifier and what its creation needs. */
export interface ClassifierOptions {
  /** V, at least 1: token ids are 0 … V − 1. */
  readonly vocabularySize: number;
  /** C, at least 2. */
  readonly classCount: number;
  /** Default 'gru'. */
  readonly cell?: NativeCell | undefined;
  /** E, default 100. */
  readonly embeddingSize?: number | undefined;
  /** H of each direction, default 200. */
  readonly hiddenSize?: number | undefined;
  /** M, default 256. */
  readonly mlpSize?: number | undefined;
  /** Id that replaces tokens when a step has an unknown rate, default 0. */
  readonly unknownId?: number | undefined;
  /** The embedding table starts uniform in ± this, default 0.05. */
  readonly embeddingRange?: number | undefined;
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Compute threads, 1 to 256; they never change a result. Default: what the machine has, at most 16. */
  readonly threads?: number | undefined;
}

/** One training step. */
export interface TrainStepOptions {
  /** Adam's step size, default 0.001. */
  readonly learningRate?: number | undefined;
  /** Probability that a unit is kept, default 1: no dropout. */
  readonly dropoutKeep?: number | undefined;
  /** Probability that a token is replaced by the unknown one, default 0. */
  readonly unknownRate?: number | undefined;
  /** Largest global norm of the gradient, default 5; 0: no clipping. */
  readonly clipNorm?: number | undefined;
  /** Left out: vanilla training. ε defaults to 0.02 standard deviations of the embedding table, α to 0.5. */
  readonly adversarial?: Partial<NativeAdversarialOptions> | undefined;
}

const rules: Readonly<Record<keyof ClassifierOptions, OptionRule>> = {
  vocabularySize: { flag: 'vocabularySize', rule: integer(1) },
  classCount: { flag: 'classCount', rule: integer(2) },
  cell: { flag: 'cell', rule: choice(...cellNames) },
  embeddingSize: { flag: 'embeddingSize', rule: integer(1) },
  hiddenSize: { flag: 'hiddenSize', rule: integer(1) },
  mlpSize: { flag: 'mlpSize', rule: integer(1) },
  unknownId: { flag: 'unknownId', rule: integer(0) },
  embeddingRange: { flag: 'embeddingRange', rule: number('a number above 0', (value) => value > 0) },
  seed: { flag: 'seed', rule: integer(0) },
  threads: { flag: 'threads', rule: integer(1, 256) },
};

/** Marks the files of save(), which have the layout of a checkpoint without a run. */
const savedFormat = 'advnative classifier 1';

interface SavedDocument {
  readonly format: string;
  /** Files that were saved when GRUs were all there was name no cell. */
  readonly config: Omit<NativeClassifierConfig, 'cell'> & Partial<Pick<NativeClassifierConfig, 'cell'>>;
  readonly step: number;
}

/**
 * A bidirectional recurrent text classifier in the native engine, for programs that bring their own data and loop. Batches
 * are packed: example b owns ids[offsets[b]] … ids[offsets[b + 1] − 1], and every text has at least one token.
 *
 * Computation runs off the event loop. One call at a time: a second one before the first is settled is refused.
 */
export class Classifier implements Disposable {
  readonly #native: NativeClassifier;

  /**
   * @param addon the engine; only tests name another than the package's own
   * @throws AdvError USAGE when an option is wrong, NATIVE when the addon cannot be loaded
   */
  constructor(options: ClassifierOptions, addon: NativeAddon = loadAddon()) {
    checkOptions(options, rules);
    const config: NativeClassifierConfig = {
      vocabularySize: options.vocabularySize,
      classCount: options.classCount,
      cell: options.cell ?? 'gru',
      embeddingSize: options.embeddingSize ?? 100,
      hiddenSize: options.hiddenSize ?? 200,
      mlpSize: options.mlpSize ?? 256,
      unknownId: options.unknownId ?? 0,
      embeddingRange: options.embeddingRange ?? 0.05,
      seed: options.seed ?? 1,
      threads: options.threads ?? defaultThreads(),
    };
    this.#native = callEngine(() => new addon.Classifier(config));
  }

  /**
   * The classifier that save() stored, with its optimiser state: training goes on with the same bits.
   *
   * @throws AdvError CHECKPOINT when the file is missing, damaged or no saved classifier
   */
  static async load(
    path: string,
    options: { threads?: number } = {},
    addon?: NativeAddon,
  ): Promise<Classifier> {
    const { tensors, document } = await readTensorFile(path);
    const { format, config, step } = document as SavedDocument;
    const { parameters, firstMoment, secondMoment } = tensors;
    if (format !== savedFormat || !parameters || !firstMoment || !secondMoment) {
      throw new AdvError(
        'CHECKPOINT',
        `expected a file that Classifier.save() wrote, got ${path} of format '${format}'`,
        'A run directory is opened by evaluate() and exportOnnx().',
      );
    }
    const threads = options.threads ?? defaultThreads();
    const classifier = new Classifier({ ...config, threads }, addon);
    callEngine(() => {
      classifier.#native.writeState({ step, parameters, firstMoment, secondMoment });
    });
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

  /** A copy of the flat parameter vector. */
  parameters(): Float32Array {
    return callEngine(() => this.#native.readParameters());
  }

  /**
   * One training step: clean pass, perturbation Δ = ε·sign(∇), adversarial pass, clipping, Adam.
   *
   * @throws AdvError NOT_FINITE when a loss or gradient is NaN or infinite: no update is then applied; INTERRUPTED
   */
  async trainStep(
    batch: NativeBatch,
    options: TrainStepOptions = {},
    signal?: AbortSignal,
  ): Promise<NativeStepResult> {
    const { learningRate = 0.001, dropoutKeep = 1, unknownRate = 0, clipNorm = 5, adversarial } = options;
    const plain = { learningRate, dropoutKeep, unknownRate, clipNorm };
    const { epsilon = defaultEpsilon, epsilonUnit = 'std', alpha = 0.5 } = adversarial ?? {};
    const step =
      adversarial === undefined ? plain : { ...plain, adversarial: { epsilon, epsilonUnit, alpha } };
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
    const { step, parameters, firstMoment, secondMoment } = callEngine(() => this.#native.readState());
    const document: SavedDocument = { format: savedFormat, config: this.config, step };
    await writeTensorFile(path, { tensors: { parameters, firstMoment, secondMoment }, document });
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
    const texts = randomTexts(this.config.vocabularySize);
    return this.#call(signal, () => exportModel(this.#native, metadata, path, texts, { signal }));
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
