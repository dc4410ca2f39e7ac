import { choice, flag, integer, text } from '../base/checks.js';
import { trainRules, type Execution, type OwnDataSource, type Recipe, type TrainOptions } from './options.js';
import { recipeRules } from '../base/recipe-rules.js';
import { fields, kept, optional, orNull, type Shape } from '../base/shape.js';

/** What a file may hold is what the option may be. */
const option = (name: keyof TrainOptions): Shape => kept(trainRules[name].rule);

const ownDataShapes: Readonly<Record<keyof OwnDataSource, Shape>> = {
  train: option('train'),
  valid: orNull(option('valid')),
  test: orNull(option('test')),
  format: optional(orNull(option('format'))),
  textColumn: optional(orNull(option('textColumn'))),
  labelColumn: optional(orNull(option('labelColumn'))),
  delimiter: optional(orNull(option('delimiter'))),
  header: optional(orNull(option('header'))),
};
const ownDataShape = fields(ownDataShapes);
const datasetShape = fields({ dataset: option('dataset') });

/** Own files where there is a training file, else a dataset by its name. */
const dataShape: Shape = (value, place) =>
  typeof value === 'object' && value !== null && 'train' in value
    ? ownDataShape(value, place)
    : datasetShape(value, place);

const units = kept(integer(1));

const recipeShapes: Readonly<Record<keyof Recipe, Shape>> = {
  data: dataShape,
  limit: orNull(option('limit')),
  onMalformed: option('onMalformed'),
  level: option('level'),
  tokenizer: option('tokenizer'),
  maxTokens: option('maxTokens'),
  regime: option('regime'),
  size: option('size'),
  cell: option('cell'),
  dimensions: fields({ embedding: units, hidden: units, mlp: units }),
  embeddingRange: option('embeddingRange'),
  epochs: option('epochs'),
  patience: option('patience'),
  batchSize: option('batchSize'),
  learningRate: option('learningRate'),
  epsilon: option('epsilon'),
  epsilonUnit: option('epsilonUnit'),
  alpha: option('alpha'),
  unknownRate: option('unknownRate'),
  dropoutKeep: kept(recipeRules.dropoutKeep),
  clipNorm: option('clipNorm'),
  seed: option('seed'),
  splitSeed: option('splitSeed'),
};

/** What a file must hold for a {@link Recipe}. */
export const recipeShape = fields(recipeShapes);

const executionShapes: Readonly<Record<keyof Execution, Shape>> = {
  threads: option('threads'),
  device: kept(choice('cpu')),
  dataDir: orNull(kept(text)),
  offline: kept(flag),
};

/** What a file must hold for an {@link Execution}. */
export const executionShape = fields(executionShapes);
