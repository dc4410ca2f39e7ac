import type { OptionsOf } from '../base/option.js';
import { choice, int32 } from '../base/rules.js';
import { cellNames } from '../engine/cells.js';
import { trainOptions } from '../recipe/table.js';

/** The options of a {@link Classifier}: its shape and what its creation needs. */
export const classifierOptions = {
  /** V, at least 1: token ids are 0 … V − 1. */
  vocabularySize: { flag: 'vocabularySize', rule: int32(1) },
  /** C, at least 2. */
  classCount: { flag: 'classCount', rule: int32(2) },
  /** Default 'gru'. */
  cell: { flag: 'cell', rule: choice(...cellNames) },
  /** What the MLP reads of the states; default ['last']. */
  pooling: { flag: 'pooling', rule: trainOptions.pooling.rule },
  /** E, default 100. */
  embeddingSize: { flag: 'embeddingSize', rule: int32(1) },
  /** H of each direction, default 200. */
  hiddenSize: { flag: 'hiddenSize', rule: int32(1) },
  /** M, default 256. */
  mlpSize: { flag: 'mlpSize', rule: int32(1) },
  /** L recurrent layers on top of each other, 1 to 8, default 1. */
  layers: { flag: 'layers', rule: trainOptions.layers.rule },
  /** Vectors that hashed n-grams of words share; default 0: words have none, and batches no `words`. */
  buckets: { flag: 'buckets', rule: int32(0) },
  /** Id that replaces tokens when a step has an unknown rate, default 0. */
  unknownId: { flag: 'unknownId', rule: int32(0) },
  /** The embedding table starts uniform in ± this, default 0.05. */
  embeddingRange: { flag: 'embeddingRange', rule: trainOptions.embeddingRange.rule },
  /** Decay of the moving average of the parameters that all but training steps use, 0 to below 1; default 0: none. */
  ema: { flag: 'ema', rule: trainOptions.ema.rule },
  /** Default 1. */
  seed: { flag: 'seed', rule: trainOptions.seed.rule },
  /** Compute threads, 1 to 256; they never change a result. Default: what the machine has, at most 16. */
  threads: { flag: 'threads', rule: trainOptions.threads.rule },
} as const;

type Required = 'vocabularySize' | 'classCount';
type Chosen = OptionsOf<typeof classifierOptions>;

/** Shape of a classifier and what its creation needs. */
export type ClassifierOptions = Omit<Chosen, Required> & {
  readonly [Name in Required]: NonNullable<Chosen[Name]>;
};
