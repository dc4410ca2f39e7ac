import type {
  NativeAddon,
  NativeBatch,
  NativeClassifier,
  NativeClassifierConfig,
  NativeProfile,
  NativeStepOptions,
} from '../engine/addon.js';
import { callEngine, cancellable } from '../engine/calls.js';
import type { ModelShape } from './configurations.js';
import type { BenchRegime } from './flops.js';
import { stepSettings, type Measurement } from './work.js';

/** A measured step of the engine. */
export interface EngineMeasurement extends Measurement {
  readonly profile: NativeProfile;
}

/** This engine as a participant: one classifier whose first weights are those that every peer gets. */
export class Engine {
  readonly #classifier: NativeClassifier;
  readonly #model: ModelShape;
  readonly #signal: AbortSignal | undefined;

  /** @throws AdvError of the engine */
  constructor(addon: NativeAddon, model: ModelShape, threads: number, signal?: AbortSignal) {
    this.#model = model;
    this.#classifier = callEngine(() => new addon.Classifier(engineConfig(model, threads)));
    this.#signal = signal;
  }

  /** The flat vector that writeWork() hands to peers. */
  readParameters(): Float32Array {
    return this.#classifier.readParameters();
  }

  /** One step, timed from the call to its result. */
  async step(batch: NativeBatch, regime: BenchRegime): Promise<EngineMeasurement> {
    const options = engineStep(this.#model, regime);
    const begin = performance.now();
    const { cleanLoss, adversarialLoss } = await cancellable(this.#classifier, this.#signal, () =>
      this.#classifier.trainStep(batch, options),
    );
    const milliseconds = performance.now() - begin;
    return { milliseconds, cleanLoss, adversarialLoss, profile: this.#classifier.profile() };
  }

  dispose(): void {
    this.#classifier.dispose();
  }
}

/** How the engine's model of a shape is created. */
export function engineConfig(model: ModelShape, threads: number): NativeClassifierConfig {
  const { cell, pooling, subwords, ema } = model;
  return {
    cell,
    pooling,
    layers: 1,
    buckets: subwords?.buckets ?? 0,
    vocabularySize: model.V,
    embeddingSize: model.E,
    hiddenSize: model.H,
    mlpSize: model.M,
    classCount: model.C,
    unknownId: 0,
    embeddingRange: 0.5,
    ema,
    loss: 'cross-entropy',
    seed: 1,
    threads,
  };
}

/** How the engine takes a step. */
export function engineStep({ weightDecay }: ModelShape, regime: BenchRegime): NativeStepOptions {
  const { learningRate, epsilon, alpha } = stepSettings;
  const plain = { learningRate, dropoutKeep: 1, unknownRate: 0, clipNorm: 0, weightDecay };
  if (regime === 'vanilla') return plain;
  return { ...plain, attack: { kind: 'fast-gradient-sign', epsilon, unit: 'absolute' }, alpha };
}
