import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type {
  NativeBatch,
  NativeCell,
  NativeClassifier,
  NativeClassifierConfig,
  NativeStepOptions,
} from '../../src/engine/addon.js';
import { cellNames } from '../../src/engine/cells.js';
import { sizesOf, type Dimensions } from '../unit/shapes.js';
import { packed } from '../unit/support.js';
import { createClassifier } from './fixtures.js';

/** In base64: as float32, or as fractions of their largest value, see the script. */
type Tensors = Record<string, string>;

interface Case {
  losses: { loss: number; clean: number; adversarial: number; norm: number }[];
  firstGradient: Tensors;
  parameters: Tensors;
  /** Where one is kept. */
  average?: Tensors;
}

interface Golden {
  config: Dimensions;
  /** Of the random signs. */
  seed: number;
  options: { learningRate: number; epsilon: number; alpha: number; clipNorm: number };
  batches: { texts: number[][]; labels: number[]; words: Record<'ids' | 'offsets' | 'buckets', number[]> }[];
  cells: Record<NativeCell, Cases>;
  variants: readonly (Cases &
    Pick<NativeClassifierConfig, 'cell' | 'pooling' | 'layers' | 'ema' | 'buckets' | 'loss'>)[];
}

interface Cases {
  initial: Tensors;
  vanilla: Case;
  adversarial: Case;
  /** Of some. */
  random?: Case;
}

// Written by tests/golden/ten_adam_steps.py with PyTorch in double precision.
const golden = JSON.parse(
  readFileSync(new URL('../golden/ten_adam_steps.json', import.meta.url), 'utf8'),
) as Golden;

function exact(tensors: Tensors, name: string): Float32Array {
  const bytes = Buffer.from(tensors[name] ?? '', 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, place) => bytes.readFloatLE(4 * place));
}

function ofFractions(tensors: Tensors, name: string): Float32Array {
  const bytes = Buffer.from(tensors[name] ?? '', 'base64');
  const unit = bytes.readFloatLE() / (2 ** 23 - 1);
  return Float32Array.from(
    { length: (bytes.length - 4) / 3 },
    (_, i) => bytes.readIntLE(4 + 3 * i, 3) * unit,
  );
}

/** Float accuracy: relative to the tensor's largest value, so that NaN or a missing gradient fails. */
function largestDifference(actual: ArrayLike<number>, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(scale).toBeGreaterThan(0);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs((actual[i] ?? NaN) - value) / scale), 0);
}

function expectTensors(
  classifier: NativeClassifier,
  values: Float32Array,
  expected: Tensors,
  tolerance: number,
): void {
  expect(Object.keys(expected)).toEqual(classifier.tensors.map(({ name }) => name));
  for (const { name, offset } of classifier.tensors) {
    const tensor = ofFractions(expected, name);
    const difference = largestDifference(values.subarray(offset, offset + tensor.length), tensor);
    expect(difference, name).toBeLessThanOrEqual(tolerance);
  }
}

async function trainTenSteps(
  model: Partial<NativeClassifierConfig>,
  initial: Tensors,
  options: NativeStepOptions,
  expected: Case,
): Promise<void> {
  const classifier = createClassifier({ ...model, ...sizesOf(golden.config), seed: golden.seed });
  const parameters = classifier.tensors.flatMap(({ name }) => [...exact(initial, name)]);
  classifier.writeParameters(Float32Array.from(parameters));
  for (const [index, batch] of golden.batches.entries()) {
    const result = await classifier.trainStep(batchOf(batch, classifier.config.buckets > 0), options);
    const reference = expected.losses[index];
    expect(Math.abs(result.loss - (reference?.loss ?? NaN))).toBeLessThanOrEqual(1e-5);
    expect(Math.abs(result.cleanLoss - (reference?.clean ?? NaN))).toBeLessThanOrEqual(1e-5);
    expect(Math.abs(result.adversarialLoss - (reference?.adversarial ?? NaN))).toBeLessThanOrEqual(1e-5);
    expect(Math.abs(result.gradientNorm - (reference?.norm ?? NaN))).toBeLessThanOrEqual(1e-5);
    if (index === 0) {
      // After one step Adam's first moment is (1 − β1) times the clipped gradient.
      const clip = options.clipNorm > 0 ? Math.min(1, options.clipNorm / result.gradientNorm) : 1;
      const gradient = classifier.readState().firstMoment.map((moment) => moment / (0.1 * clip));
      expectTensors(classifier, gradient, expected.firstGradient, 2e-6);
    }
  }
  // Adam makes steps of one size of gradients of any, so that rounding, of which each layer adds its own, is amplified.
  const tolerance = model.layers === 1 ? 2e-5 : 5e-5;
  expectTensors(classifier, classifier.readState().parameters, expected.parameters, tolerance);
  expectTensors(classifier, classifier.readParameters(), expected.average ?? expected.parameters, tolerance);
}

/** The words are of models whose words have n-grams. */
function batchOf({ texts, labels, words }: Golden['batches'][number], withWords: boolean): NativeBatch {
  const batch = packed(texts, labels);
  if (!withWords) return batch;
  const [ids, offsets, buckets] = [words.ids, words.offsets, words.buckets].map((list) =>
    Int32Array.from(list),
  );
  if (!ids || !offsets || !buckets) throw new Error('three lists');
  return { ...batch, words: { ids, offsets, buckets } };
}

const models = [
  ...cellNames.map((cell) => ({
    cell,
    pooling: ['last'] as const,
    layers: 1,
    ema: 0,
    buckets: 0,
    loss: 'cross-entropy' as const,
    ...golden.cells[cell],
  })),
  ...golden.variants,
];

describe.each(models)(
  'ten Adam steps of $cell, $layers layers, $pooling, ema $ema, $buckets buckets, $loss, against PyTorch',
  (model) => {
    const { learningRate, epsilon, alpha, clipNorm } = golden.options;
    const { cell, pooling, layers, ema, buckets, loss, initial, vanilla, adversarial, random } = model;
    const base = { learningRate, dropoutKeep: 1, unknownRate: 0, weightDecay: 0 };

    it('vanilla: losses, every gradient by name, every parameter', async () => {
      await trainTenSteps(
        { cell, pooling, layers, ema, buckets, loss },
        initial,
        { ...base, clipNorm: 0 },
        vanilla,
      );
    });

    it('adversarial with clipping: losses, every gradient by name, every parameter', async () => {
      await trainTenSteps(
        { cell, pooling, layers, ema, buckets, loss },
        initial,
        { ...base, clipNorm, attack: { kind: 'fast-gradient-sign', epsilon, unit: 'absolute' }, alpha },
        adversarial,
      );
    });

    it.runIf(random)('random signs: losses, every gradient by name, every parameter', async () => {
      if (random === undefined) throw new Error('a case');
      await trainTenSteps(
        { cell, pooling, layers, ema, buckets, loss },
        initial,
        { ...base, clipNorm, attack: { kind: 'random-sign', epsilon, unit: 'absolute' }, alpha },
        random,
      );
    });
  },
);
