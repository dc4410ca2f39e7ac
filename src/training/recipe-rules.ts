import { integer, list, number } from './checks.js';

/** What may be said of a recipe, on the command line as in the defaults of a user's dataset. */
export const recipeRules = {
  tokenizer: list('steps such as nfc, lowercase, words'),
  epochs: integer(1),
  patience: integer(1),
  batchSize: integer(1, 65_536),
  learningRate: number('a number above 0', (value) => value > 0),
  epsilon: number('a number of at least 0', (value) => value >= 0),
  unknownRate: number('a number from 0 to below 1', (value) => value >= 0 && value < 1),
  clipNorm: number('a number of at least 0 (0: no clipping)', (value) => value >= 0),
  embeddingRange: number('a number above 0', (value) => value > 0),
  maxTokens: integer(1),
} as const;
