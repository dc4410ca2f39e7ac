import { float, integer, list } from './checks.js';

/** The engine's bounds beyond those of float, with their reasons in native/model/option_limits.h. */
const mostLearningRate = 1e6;
const leastClipNorm = 1e-15;
const leastDropoutKeep = 2 ** -32;

/** What may be said of a recipe, on the command line as in the defaults of a user's dataset. */
export const recipeRules = {
  tokenizer: list('steps such as nfc, lowercase, words'),
  epochs: integer(1),
  patience: integer(1),
  batchSize: integer(1, 65_536),
  learningRate: float(
    `a number above 0 (from 1.2e-38 to ${mostLearningRate})`,
    (value) => value > 0 && value <= mostLearningRate,
  ),
  epsilon: float('a number of at least 0 (0, or from 1.2e-38 to 3.4e38)', (value) => value >= 0),
  alpha: float('a number from 0 to 1 (0, or from 1.2e-38)', (value) => value >= 0 && value <= 1),
  unknownRate: float('a number from 0 to below 1 (0, or from 1.2e-38)', (value) => value >= 0 && value < 1),
  dropoutKeep: float(
    'a number above 0 and at most 1 (from 2.4e-10)',
    (value) => value >= leastDropoutKeep && value <= 1,
  ),
  clipNorm: float(
    `a number of at least 0 (0: no clipping, or from ${leastClipNorm} to 3.4e38)`,
    (value) => value === 0 || value >= leastClipNorm,
  ),
  embeddingRange: float('a number above 0 (from 1.2e-38 to 3.4e38)', (value) => value > 0),
  maxTokens: integer(1),
} as const;
