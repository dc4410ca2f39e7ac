import type {
  NativeAddon,
  NativeBatch,
  NativeClassifier,
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
  readonly #signal: AbortSignal | undefined;

  /** @throws AdvError of the engine */
  constructor(
    addon: NativeAddon,
    { cell, V, E, H, M, C }: ModelShape,
    threads: number,
    signal?: AbortSignal,
  ) {
    this.#classifier = callEngine(
      () =>
        new addon.Classifier({
          cell,
          pooling: ['last'],
          layers: 1,
          buckets: 0,
          vocabularySize: V,
          embeddingSize: E,
          hiddenSize: H,
          mlpSize: M,
          classCount: C,
          unknownId: 0,
          embeddingRange: 0.5,
          ema: 0,
          seed: 1,
          threads,
        }),
    );
    this.#signal = signal;
  }

  /** The flat vector that writeWork() hands to peers. */
  readParameters(): Float32Array {
    return this.#classifier.readParameters();
  }

  /** One step, timed from the call to its result. */
  async step(batch: NativeBatch, regime: BenchRegime): Promise<EngineMeasurement> {
    const options = stepOptions(regime);
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

function stepOptions(regime: BenchRegime): NativeStepOptions {
  const { learningRate, epsilon, alpha } = stepSettings;
  const plain = { learningRate, dropoutKeep: 1, unknownRate: 0, clipNorm: 0, weightDecay: 0 };
  if (regime === 'vanilla') return plain;
  return { ...plain, attack: { kind: 'fast-gradient-sign', epsilon, unit: 'absolute' }, alpha };
}
