import type { NativeAddon, NativeClassifier, NativeStepOptions, NativeStepResult } from '../native/addon.js';
import { callEngine, cancellable } from '../training/native-model.js';
import { stepSettings, type Measurement, type Work } from './work.js';

/**
 * Milliseconds of the parts of one step: `wall.` parts are of the step's own time, `thread.` parts are summed over
 * threads. The engine decides which there are.
 */
export type Profile = Readonly<Record<string, number>>;

/** A step that was asked for its profile; an engine without one leaves it out. */
interface ProfiledResult extends NativeStepResult {
  readonly profile?: Profile;
}

/** A measured step of the engine. */
export interface EngineMeasurement extends Measurement {
  readonly profile: Profile | undefined;
}

/** This engine as a participant: one classifier whose weights are those that every peer gets. */
export class Engine {
  readonly #classifier: NativeClassifier;
  readonly #work: Work;
  readonly #signal: AbortSignal | undefined;

  /** @throws AdvError of the engine */
  constructor(addon: NativeAddon, work: Work, signal?: AbortSignal) {
    const { V, E, H, M, C } = work.sizes;
    this.#classifier = callEngine(
      () =>
        new addon.Classifier({
          vocabularySize: V,
          embeddingSize: E,
          hiddenSize: H,
          mlpSize: M,
          classCount: C,
          unknownId: 0,
          embeddingRange: 0.5,
          seed: 1,
          threads: work.threads,
        }),
    );
    this.#work = work;
    this.#signal = signal;
  }

  readParameters(): Float32Array {
    return this.#classifier.readParameters();
  }

  /** One step, timed from the call to its result. */
  async step(profile = false): Promise<EngineMeasurement> {
    const options = stepOptions(this.#work, profile);
    const begin = performance.now();
    const result: ProfiledResult = await cancellable(this.#classifier, this.#signal, () =>
      this.#classifier.trainStep(this.#work.batch, options),
    );
    const milliseconds = performance.now() - begin;
    const { cleanLoss, adversarialLoss } = result;
    return { milliseconds, cleanLoss, adversarialLoss, profile: result.profile };
  }

  dispose(): void {
    this.#classifier.dispose();
  }
}

function stepOptions({ regime }: Work, profile: boolean): NativeStepOptions {
  const { learningRate, epsilon, alpha } = stepSettings;
  const plain = { learningRate, dropoutKeep: 1, unknownRate: 0, clipNorm: 0, ...(profile && { profile }) };
  if (regime === 'vanilla') return plain;
  return { ...plain, adversarial: { epsilon, epsilonUnit: 'absolute', alpha } };
}
