import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NativeBatch } from '../engine/addon.js';
import type { ModelShape } from './configurations.js';
import type { BenchRegime } from './flops.js';

/** One training step that every participant computes: same weights, same batch, same settings. */
export interface Work {
  readonly model: ModelShape;
  readonly batch: NativeBatch;
  readonly regime: BenchRegime;
  readonly threads: number;
}

/** Settings of the step; ε is absolute, so that no participant has to measure the embedding table. */
export const stepSettings = { learningRate: 1e-3, epsilon: 0.02, alpha: 0.5 } as const;

/** What one step took and found. */
export interface Measurement {
  readonly milliseconds: number;
  readonly cleanLoss: number;
  /** Equal to cleanLoss in vanilla training. */
  readonly adversarialLoss: number;
}

/**
 * Checks what a peer's program answered to a step.
 *
 * @throws Error when it is not three finite numbers
 */
export function readMeasurement(answer: unknown): Measurement {
  const { milliseconds, cleanLoss, adversarialLoss } = (answer ?? {}) as Partial<Measurement>;
  if (![milliseconds, cleanLoss, adversarialLoss].every(Number.isFinite)) {
    throw new Error(
      `expected finite milliseconds, cleanLoss and adversarialLoss, got ${JSON.stringify(answer)}`,
    );
  }
  return { milliseconds, cleanLoss, adversarialLoss } as Measurement;
}

/** Tokens of a batch. */
export function tokensOf(batch: NativeBatch): number {
  return batch.ids.length;
}

/**
 * Writes weights and batch where a peer's program finds them and names everything as its arguments; the head of
 * bench/pytorch_step.py describes both.
 *
 * @param parameters the engine's flat vector
 * @returns the program's arguments
 */
export function writeWork(folder: string, work: Work, parameters: Float32Array): string[] {
  writeFileSync(join(folder, 'parameters.f32'), parameters);
  writeFileSync(join(folder, 'ids.i32'), work.batch.ids);
  writeFileSync(join(folder, 'offsets.i32'), work.batch.offsets);
  writeFileSync(join(folder, 'labels.i32'), work.batch.labels);
  const { words } = work.batch;
  if (words !== undefined) {
    writeFileSync(join(folder, 'wordIds.i32'), words.ids);
    writeFileSync(join(folder, 'wordOffsets.i32'), words.offsets);
    writeFileSync(join(folder, 'wordBuckets.i32'), words.buckets);
  }
  const { cell, V, E, H, M, C, pooling, subwords, ema, weightDecay } = work.model;
  const values = {
    ...{ cell, V, E, H, M, C, pooling, buckets: subwords?.buckets ?? 0, ema, weightDecay },
    ...stepSettings,
    threads: work.threads,
    adversarial: work.regime === 'adversarial' ? 1 : 0,
    folder,
  };
  return Object.entries(values).map(([name, value]) => `${name}=${String(value)}`);
}
