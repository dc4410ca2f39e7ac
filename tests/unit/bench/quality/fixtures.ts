import type { QualityResult } from '../../../../src/bench/quality/result.js';
import type { Measured, QualitySystem } from '../../../../src/bench/quality/system.js';
import { machine } from '../fixtures.js';

const score = { n: 10, loss: 0.5, accuracy: 0.8, macroF1: 0.75, calibrationError: 0.05 };

/** What an invented system reaches. */
export const measured: Measured = {
  examples: { train: 80, valid: 10, test: 10 },
  valid: { ...score, accuracy: 0.9 },
  test: score,
  seconds: 12.5,
  cpuSeconds: 20,
  peakBytes: 3 * 2 ** 20,
  modelBytes: 2 ** 19,
};

/** An invented result. */
export const result: QualityResult = {
  ...{ dataset: 'dsl:10000', system: 'svm', seed: 1, options: ['C', '1'] },
  ...measured,
  classes: 14,
  machine: { ...machine },
  notes: ['a pool'],
};

/** A system that does nothing but note that it was asked. */
export function fakeSystem(name: string, overrides: Partial<QualitySystem> = {}): QualitySystem {
  return {
    name,
    options: ['--fake'],
    lacks: () => Promise.resolve(undefined),
    measure: () => Promise.resolve(measured),
    ...overrides,
  };
}
