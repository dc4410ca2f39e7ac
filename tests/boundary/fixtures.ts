import { onTestFinished } from 'vitest';
import { loadAddon } from '../../src/engine/loader.js';
import type {
  NativeAttack,
  NativeBatch,
  NativeClassifier,
  NativeClassifierConfig,
  NativeStepOptions,
} from '../../src/engine/addon.js';
import { configOf } from '../unit/shapes.js';

/** A model small enough that a step takes well under a millisecond. */
export const smallConfig = configOf({ V: 12, E: 5, H: 9, M: 7, C: 3 }, { threads: 2 });

export const vanilla: NativeStepOptions = {
  learningRate: 0.01,
  dropoutKeep: 1,
  unknownRate: 0,
  clipNorm: 0,
  weightDecay: 0,
};
export const attack: NativeAttack = { kind: 'fast-gradient-sign', epsilon: 0.05, unit: 'std' };
export const adversarial: NativeStepOptions = { ...vanilla, attack, alpha: 0.5 };

/** A classifier that is disposed of when the test is over. */
export function createClassifier(overrides: Partial<NativeClassifierConfig> = {}): NativeClassifier {
  const classifier = new (loadAddon().Classifier)({ ...smallConfig, ...overrides });
  onTestFinished(() => {
    classifier.dispose();
  });
  return classifier;
}

/** Texts as lists of ids, packed. */
export function packBatch(texts: readonly (readonly number[])[], labels: readonly number[]): NativeBatch {
  const offsets = [0];
  for (const text of texts) offsets.push((offsets.at(-1) ?? 0) + text.length);
  return {
    ids: Int32Array.from(texts.flat()),
    offsets: Int32Array.from(offsets),
    labels: Int32Array.from(labels),
  };
}

export const batch: NativeBatch = packBatch([[1, 2, 3], [4, 5, 6, 7, 8], [9]], [0, 1, 2]);

/** A batch on which a step takes long enough to be met while it runs. */
export function longBatch(): NativeBatch {
  const text = Array.from({ length: 4000 }, (_, i) => i % 12);
  return packBatch(
    Array.from({ length: 16 }, () => text),
    Array.from({ length: 16 }, (_, i) => i % 3),
  );
}
