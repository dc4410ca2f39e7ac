import type { NativeCell } from '../engine/addon.js';
import { cellNames } from '../engine/cells.js';
import { choice, integer, type OptionRule } from '../base/checks.js';
import { recipeRules } from '../base/recipe-rules.js';

/** Shape of a classifier and what its creation needs. */
export interface ClassifierOptions {
  /** V, at least 1: token ids are 0 … V − 1. */
  readonly vocabularySize: number;
  /** C, at least 2. */
  readonly classCount: number;
  /** Default 'gru'. */
  readonly cell?: NativeCell | undefined;
  /** E, default 100. */
  readonly embeddingSize?: number | undefined;
  /** H of each direction, default 200. */
  readonly hiddenSize?: number | undefined;
  /** M, default 256. */
  readonly mlpSize?: number | undefined;
  /** Id that replaces tokens when a step has an unknown rate, default 0. */
  readonly unknownId?: number | undefined;
  /** The embedding table starts uniform in ± this, default 0.05. */
  readonly embeddingRange?: number | undefined;
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Compute threads, 1 to 256; they never change a result. Default: what the machine has, at most 16. */
  readonly threads?: number | undefined;
}

/** What each option may be. */
export const classifierRules: Readonly<Record<keyof ClassifierOptions, OptionRule>> = {
  vocabularySize: { flag: 'vocabularySize', rule: integer(1) },
  classCount: { flag: 'classCount', rule: integer(2) },
  cell: { flag: 'cell', rule: choice(...cellNames) },
  embeddingSize: { flag: 'embeddingSize', rule: integer(1) },
  hiddenSize: { flag: 'hiddenSize', rule: integer(1) },
  mlpSize: { flag: 'mlpSize', rule: integer(1) },
  unknownId: { flag: 'unknownId', rule: integer(0) },
  embeddingRange: { flag: 'embeddingRange', rule: recipeRules.embeddingRange },
  seed: { flag: 'seed', rule: integer(0) },
  threads: { flag: 'threads', rule: integer(1, 256) },
};
