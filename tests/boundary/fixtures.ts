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
import { packed } from '../unit/support.js';

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

export const batch = packed([[1, 2, 3], [4, 5, 6, 7, 8], [9]], [0, 1, 2]);

/** Texts of one length each. */
export function evenBatch(texts: number, length: number): NativeBatch {
  const text = Array.from({ length }, (_, place) => place % 12);
  const rows = Array.from({ length: texts }, (_, row) => row);
  return packed(
    rows.map(() => text),
    rows.map((row) => row % 3),
  );
}

/** A batch on which a step takes long enough to be met while it runs. */
export const longBatch = (): NativeBatch => evenBatch(16, 4000);
