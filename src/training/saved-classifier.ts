import { AdvError } from '../base/errors.js';
import type { NativeClassifierConfig, NativeState } from '../engine/addon.js';
import { modelTensors, parameterCount } from '../engine/cells.js';
import { pick } from '../base/option.js';
import { integer, text } from '../base/rules.js';
import { classifierOptions } from './classifier-options.js';
import { readTensorFile, stateOf, writeTensorFile } from './safetensors.js';
import { checked, fields, kept, optional, type Kept, type Schema } from '../base/schema.js';

/** Marks the files of save(), which have the layout of a checkpoint without a run. */
const savedFormat = 'advnative classifier 1';

/** What a classifier consists of, with its optimiser state. */
export interface SavedClassifier {
  readonly config: NativeClassifierConfig;
  readonly state: NativeState;
}

const configMembers = {
  ...(Object.fromEntries(
    Object.entries(classifierOptions).map(([name, { rule }]) => [name, kept<unknown>(rule)]),
  ) as { [Name in keyof NativeClassifierConfig]: Schema<NativeClassifierConfig[Name]> }),
  /** Files that were saved when GRUs were all there was name no cell. */
  cell: optional(kept(classifierOptions.cell.rule)),
  /** Those that were saved when one layer was all there was and the last states all that was read name neither. */
  pooling: optional(kept(classifierOptions.pooling.rule)),
  layers: optional(kept(classifierOptions.layers.rule)),
  /** Those that were saved before there was an average of the parameters. */
  ema: optional(kept(classifierOptions.ema.rule)),
  /** Or when cross-entropy was the one loss. */
  loss: optional(kept(classifierOptions.loss.rule)),
  /** And when words had no n-grams, no buckets. */
  buckets: optional(kept(classifierOptions.buckets.rule)),
};
const optionNames = Object.keys(configMembers) as (keyof NativeClassifierConfig)[];
const documentSchema = fields({ format: kept(text), config: fields(configMembers), step: kept(integer(0)) });
type SavedDocument = Kept<typeof documentSchema>;

/**
 * Writes a classifier in place of what the path holds, atomically.
 *
 * @throws AdvError STORAGE when the disk is full or not writable
 */
export async function writeSavedClassifier(path: string, { config, state }: SavedClassifier): Promise<void> {
  const { step, ...tensors } = state;
  const document: SavedDocument = { format: savedFormat, config, step };
  await writeTensorFile(path, { tensors, document });
}

/**
 * Reads what writeSavedClassifier wrote.
 *
 * @throws AdvError CHECKPOINT when the file is missing, damaged or no saved classifier
 */
export async function readSavedClassifier(path: string): Promise<SavedClassifier> {
  const file = await readTensorFile(path);
  const { document } = file;
  const { format } = (document ?? {}) as Partial<SavedDocument>;
  if (format !== savedFormat) {
    throw new AdvError(
      'CHECKPOINT',
      `expected a file that Classifier.save() wrote, got ${path} of format '${String(format)}'`,
      'A run directory is opened by evaluate() and exportOnnx().',
    );
  }
  const refuse = (problem: string): AdvError =>
    new AdvError('CHECKPOINT', `the classifier ${path} is damaged: ${problem}`, 'Restore it from a copy.');
  const { config: saved, step } = checked(documentSchema, document, refuse);
  // An option that this version lacks would be refused as the caller's.
  const {
    cell = 'gru',
    pooling = ['last'],
    layers = 1,
    ema = 0,
    buckets = 0,
    loss = 'cross-entropy',
  } = saved;
  const config = { ...pick(saved, ...optionNames), cell, pooling, layers, ema, buckets, loss };
  if (config.unknownId >= config.vocabularySize) {
    throw refuse(`expected config.unknownId below ${config.vocabularySize}, got ${config.unknownId}`);
  }
  // Before an engine is made, whose memory these sizes would ask for.
  const expected = parameterCount(modelTensors(config));
  return { config, state: { step, ...stateOf(file, ema > 0, expected, refuse) } };
}
