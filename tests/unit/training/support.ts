import type { EncodedSplit } from '../../../src/text/types.js';
import type {
  NativeBatch,
  NativeClassifier,
  NativeProfile,
  NativeState,
  NativeStepOptions,
} from '../../../src/engine/addon.js';
import type { EpochRecord } from '../../../src/base/epoch-record.js';
import type { Recipe } from '../../../src/recipe/recipe.js';
import type { TrainResult } from '../../../src/training/run.js';
import { recordFormat, type RunRecord } from '../../../src/training/run-record.js';
import { splitOf } from '../support.js';
import { profile } from '../profile.js';
import { configOf } from '../shapes.js';

const config = configOf({ V: 12, E: 1, H: 1, M: 1, C: 3 }, { embeddingRange: 0.1, seed: 7 });

export const recipe: Recipe = {
  data: { dataset: 'invented' },
  preset: 'paper',
  limit: null,
  onMalformed: 'stop',
  level: 'word',
  tokenizer: ['nfc@1', 'lowercase@1', 'words@1'],
  maxTokens: 10,
  regime: 'adversarial',
  size: 'small',
  cell: 'gru',
  layers: 1,
  pooling: ['last'],
  subwords: null,
  buckets: 100_000,
  ngrams: null,
  recurrent: true,
  dimensions: { embedding: 1, hidden: 1, mlp: 1 },
  embeddingRange: 0.1,
  epochs: 4,
  loss: 'cross-entropy',
  select: 'loss',
  patience: 4,
  batchSize: 5,
  learningRate: 0.5,
  schedule: 'constant',
  warmUp: 0,
  epsilon: 0.05,
  epsilonUnit: 'std',
  alpha: 0.5,
  unknownRate: 0,
  dropoutKeep: 1,
  clipNorm: 5,
  weightDecay: 0,
  ema: 0,
  seed: 7,
  splitSeed: 1,
};

/** The record of a run that has begun. */
export const record: RunRecord = {
  format: recordFormat,
  status: 'running',
  startedAt: '2018-05-07T12:00:00.000Z',
  recipe,
  execution: { threads: 1, device: 'cpu', dataDir: null, offline: false },
  versions: {},
  machine: {},
  dataset: {
    name: 'invented',
    labels: ['a', 'b'],
    examples: { train: 1, valid: 1, test: null },
    truncated: { train: 0, valid: 0 },
    unknownShare: 0,
    tokensSha256: 'ab',
    files: [{ name: 'train.txt', bytes: 3, sha256: 'aa' }],
    ...{ licence: '', citation: '', notes: [], skipped: { count: 0, first: [] } },
  },
  vocabularySize: 4,
  parameterCount: 36,
};

/** What a run without test data returns. */
export const trainResult: TrainResult = {
  run: 'runs/a',
  dataset: {
    name: 'dsl',
    labels: ['bg', 'bs', 'cz'],
    examples: { train: 30, valid: 6, test: 6 },
    notes: ['a pool'],
  },
  best: { epoch: 1, validLoss: 1.25 },
  epochsBy: { loss: 1, accuracy: 1, macroF1: 1 },
  ngrams: null,
  test: null,
  baseline: null,
  warnings: [],
  throughput: { tokensPerSecond: 3300, examplesPerSecond: 15 },
  model: 'runs/a/model.onnx',
  onnxParity: null,
};

/** An epoch of training. */
export const epochRecord: EpochRecord = {
  ...{ epoch: 1, trainLoss: 0.5, trainObjective: 0.6, trainAccuracy: 0.7, validLoss: 0.8 },
  ...{ validAccuracy: 0.9, validMacroF1: 0.4, best: true, embeddingStd: 0.1, epsilon: 0.02 },
  ...{ seconds: 3, trainSeconds: 2, tokensPerSecond: 100 },
};

/** An invented split: the label of an example is its first id modulo 3, with some noise. */
export function split(count: number, salt: number, mostBytesInMemory?: number): Promise<EncodedSplit> {
  const rows = Array.from({ length: count }, (_, row) => row);
  const texts = rows.map((row) =>
    Array.from({ length: 1 + ((row * 7 + salt) % 4) }, (_, place) => (row * 5 + place * 3 + salt) % 12),
  );
  const labels = rows.map((row) => (((row * 5 + salt) % 12) + (row % 6 === 0 ? 1 : 0)) % 3);
  return splitOf(texts, labels, mostBytesInMemory);
}

/** All texts of a split, packed in its order. */
export function allTexts(data: EncodedSplit): Promise<NativeBatch> {
  return data.batch(Int32Array.from({ length: data.count }, (_, row) => row));
}

/**
 * Stands in for the engine: softmax regression on bags of ids with momentum. Like the engine it keeps parameters in
 * float32, draws noise from seed and step, leaves the model as it was when a call is cancelled, and refuses a second
 * call while one runs.
 */
export class FakeClassifier implements NativeClassifier {
  readonly config = config;
  readonly tensors = [{ name: 'weights', shape: [3, 12], offset: 0 }];
  /** Calls so far, each with what it was. */
  readonly calls: string[] = [];
  /** Of each step that was not cancelled. */
  readonly learningRates: number[] = [];
  /** Runs when a call has begun and before it computes. */
  onCall: (call: string, count: number) => void = () => undefined;
  /** What every loss is multiplied by after a number of steps. */
  lossFactor: (step: number) => number = () => 1;
  /** Makes the loss of this step NaN. */
  failAtStep = -1;
  #step = 0;
  #parameters = new Float32Array(36);
  #momentum = new Float32Array(36);
  #busy = false;
  #cancelled = false;

  get step(): number {
    return this.#step;
  }

  async trainStep(batch: NativeBatch, options: NativeStepOptions): ReturnType<NativeClassifier['trainStep']> {
    return this.#run('trainStep', () => {
      if (this.#step + 1 === this.failAtStep) {
        throw Object.assign(new Error(`step ${this.failAtStep}: the loss is NaN`), { code: 'NOT_FINITE' });
      }
      this.#step += 1;
      this.learningRates.push(options.learningRate);
      const gradient = new Float64Array(36);
      let loss = 0;
      let correct = 0;
      batch.labels.forEach((label, row) => {
        const ids = idsOf(batch, row);
        const shares = this.#shares(ids);
        loss -= Math.log(shares[label] ?? 0);
        if (largest(shares) === label) correct += 1;
        shares.forEach((share, place) => {
          for (const id of ids) add(gradient, place * 12 + id, share - (place === label ? 1 : 0));
        });
      });
      this.#update(gradient, options.learningRate / batch.labels.length);
      const mean = (this.lossFactor(this.#step) * loss) / batch.labels.length;
      const epsilon = options.attack?.epsilon ?? 0;
      const adversarialLoss = mean + epsilon;
      return {
        ...{ step: this.#step, cleanLoss: mean, adversarialLoss, loss: mean + epsilon / 2 },
        ...{ correct, gradientNorm: 1, epsilon },
      };
    });
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  async evaluate(batch: NativeBatch): ReturnType<NativeClassifier['evaluate']> {
    return this.#run('evaluate', () => {
      const shares = Array.from(batch.labels, (_, row) => this.#shares(idsOf(batch, row)));
      const factor = this.lossFactor(this.#step);
      return {
        losses: Float64Array.from(
          shares,
          (each, row) => -factor * Math.log(each[batch.labels[row] ?? 0] ?? 0),
        ),
        predictions: Int32Array.from(shares, largest),
      };
    });
  }

  async evaluateUnder(
    batch: NativeBatch,
    { attacks }: Parameters<NativeClassifier['evaluateUnder']>[1],
  ): ReturnType<NativeClassifier['evaluateUnder']> {
    const { losses, predictions } = await this.evaluate(batch);
    const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
    const correct = predictions.filter((one, row) => one === batch.labels[row]).length;
    return {
      loss,
      correct,
      attacks: attacks.map(({ epsilon }) => ({ epsilon, loss: loss + epsilon, correct })),
    };
  }

  predict(): Promise<Float32Array> {
    return Promise.reject(new Error('no schedule predicts'));
  }

  embeddingStandardDeviation(): number {
    return 0.25;
  }

  readonly heldBytes = 0;

  bytesFor(): number {
    return 0;
  }

  profile(): NativeProfile {
    return profile;
  }

  readState(): NativeState {
    return {
      step: this.#step,
      parameters: this.#parameters.slice(),
      firstMoment: this.#momentum.slice(),
      secondMoment: new Float32Array(36),
    };
  }

  readParameters(): Float32Array {
    return this.#parameters.slice();
  }

  writeState(state: NativeState): void {
    this.#step = state.step;
    this.#parameters = state.parameters.slice();
    this.#momentum = state.firstMoment.slice();
  }

  writeParameters(parameters: Float32Array): void {
    this.#parameters = parameters.slice();
  }

  cancel(): void {
    this.#cancelled = this.#busy;
  }

  dispose(): void {
    this.#busy = true;
  }

  async #run<Result>(call: string, compute: () => Result): Promise<Result> {
    if (this.#busy) throw new TypeError('expected an idle classifier, got a busy one');
    this.#busy = true;
    this.#cancelled = false;
    this.calls.push(call);
    await new Promise((resume) => setImmediate(resume));
    this.onCall(call, this.calls.filter((each) => each === call).length);
    try {
      if (this.#wasCancelled()) throw Object.assign(new Error('cancelled'), { code: 'CANCELLED' });
      return compute();
    } finally {
      this.#busy = false;
    }
  }

  /** A method, because the flag changes while the call waits. */
  #wasCancelled(): boolean {
    return this.#cancelled;
  }

  #shares(ids: readonly number[]): number[] {
    const powers = [0, 1, 2].map((place) =>
      Math.exp(ids.reduce((sum, id) => sum + (this.#parameters[place * 12 + id] ?? 0), 0)),
    );
    const total = powers.reduce((sum, power) => sum + power, 0);
    return powers.map((power) => power / total);
  }

  #update(gradient: Float64Array, rate: number): void {
    // The noise stands for dropout: a resume that forgets the step takes another path.
    const noise = 1 + ((this.#step * 2654435761) % 97) / 500;
    gradient.forEach((value, place) => {
      this.#momentum[place] = 0.5 * (this.#momentum[place] ?? 0) + value * noise;
      this.#parameters[place] = (this.#parameters[place] ?? 0) - rate * (this.#momentum[place] ?? 0);
    });
  }
}

function idsOf(batch: NativeBatch, row: number): number[] {
  return [...batch.ids.subarray(batch.offsets[row], batch.offsets[row + 1])];
}

function largest(shares: readonly number[]): number {
  return shares.indexOf(Math.max(...shares));
}

function add(values: Float64Array, place: number, value: number): void {
  values[place] = (values[place] ?? 0) + value;
}

/** A history of training and validation losses; epoch 0 is the untrained model. */
export function epochs(
  untrained: number,
  losses: readonly (readonly [train: number, valid: number])[],
): EpochRecord[] {
  const record = (epoch: number, trainLoss: number | null, validLoss: number): EpochRecord => ({
    ...{ epoch, trainLoss, validLoss, trainObjective: trainLoss, trainAccuracy: null },
    ...{ validAccuracy: 0.8, validMacroF1: 0.8, best: false, embeddingStd: 0.1, epsilon: 0 },
    ...{ seconds: 1, trainSeconds: 1, tokensPerSecond: 1 },
  });
  return [
    record(0, null, untrained),
    ...losses.map(([train, valid], place) => record(place + 1, train, valid)),
  ];
}
