import type { NativeClassifierConfig } from '../../src/engine/addon.js';

/** Dimensions by their letters: vocabulary, embedding, hidden (one direction), MLP, classes. */
export type Dimensions = Readonly<Record<'V' | 'E' | 'H' | 'M' | 'C', number>>;

/** Dimensions as the engine is told them. */
export function sizesOf({ V, E, H, M, C }: Dimensions) {
  return { vocabularySize: V, embeddingSize: E, hiddenSize: H, mlpSize: M, classCount: C };
}

/** A classifier of these dimensions; a GRU on one thread, unless it is said to be another. */
export function configOf(
  dimensions: Dimensions,
  more: Partial<NativeClassifierConfig>,
): NativeClassifierConfig {
  const usual = {
    cell: 'gru',
    pooling: ['last'],
    layers: 1,
    buckets: 0,
    unknownId: 0,
    embeddingRange: 0.5,
    ema: 0,
    loss: 'cross-entropy',
    seed: 1,
    threads: 1,
  } as const;
  return { ...usual, ...sizesOf(dimensions), ...more };
}
