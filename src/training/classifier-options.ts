import type { OptionsOf } from '../base/option.js';
import { choice, int32, type Rule } from '../base/rules.js';
import { cellNames } from '../engine/cells.js';
import { recipeTable, trainOptions } from '../recipe/table.js';

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
  /** What steps minimise and evaluate() gives: default 'cross-entropy', or 'squared', the mean squared error of a sigmoid for each class. */
  loss: { flag: 'loss', rule: trainOptions.loss.rule },
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

/** The options of `adversarial` in a step. */
export const adversarialOptions = {
  /** Default 'fast-gradient-sign'; 'random-sign' for a Δ of the same size with random signs, drawn from the classifier's seed and the step. */
  attack: { flag: 'adversarial.attack', rule: choice('fast-gradient-sign', 'random-sign') },
  /** ε ≥ 0, default 0.02. In standard deviations it is refused by the step where their product is 0 or infinite in float. */
  epsilon: { flag: 'adversarial.epsilon', rule: trainOptions.epsilon.rule },
  /** 'std', the default: ε counts standard deviations of the current embedding table. */
  epsilonUnit: { flag: 'adversarial.epsilonUnit', rule: trainOptions.epsilonUnit.rule },
  /** α in [0, 1], default 0.5. It weighs gradients once the sign is taken: Δ does not depend on it. */
  alpha: { flag: 'adversarial.alpha', rule: trainOptions.alpha.rule },
} as const;

/** Δ = ε·sign(∇ of the embedded tokens), or ε with random signs; loss α·J(e) + (1 − α)·J(e + Δ) (Bělohlávek et al. 2018, Eq. 1 and 2). */
export interface AdversarialOptions extends OptionsOf<typeof adversarialOptions> {}

const anyAdversarial: Rule<AdversarialOptions> = {
  expected: 'an object',
  accepts: (value): value is AdversarialOptions => typeof value === 'object' && value !== null,
};

/** The options of a step of a {@link Classifier}. */
export const trainStepOptions = {
  /** Adam's step size, default 0.001. */
  learningRate: { flag: 'learningRate', rule: trainOptions.learningRate.rule },
  /** Probability that a unit is kept, default 1: no dropout. */
  dropoutKeep: { flag: 'dropoutKeep', rule: recipeTable.dropoutKeep.rule },
  /** Probability that a token is replaced by the unknown one, or with n-grams a word's own vector by that one's; default 0. */
  unknownRate: { flag: 'unknownRate', rule: trainOptions.unknownRate.rule },
  /** Largest global norm of the gradient, default 5; 0: no clipping. */
  clipNorm: { flag: 'clipNorm', rule: trainOptions.clipNorm.rule },
  /** λ ≥ 0 of AdamW: a step takes learningRate·λ, at most 1, of each weight, but of no bias. Default 0: no decay. */
  weightDecay: { flag: 'weightDecay', rule: trainOptions.weightDecay.rule },
  /** Left out: vanilla training. */
  adversarial: { flag: 'adversarial', rule: anyAdversarial },
} as const;

/** One training step. */
export interface TrainStepOptions extends OptionsOf<typeof trainStepOptions> {}
