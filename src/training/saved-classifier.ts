import { AdvError } from '../base/errors.js';
import type { NativeClassifierConfig, NativeState } from '../engine/addon.js';
import { modelTensors, parameterCount } from '../engine/cells.js';
import { integer, text, type Rule } from '../base/rules.js';
import { classifierOptions } from './classifier-options.js';
import { readTensorFile, writeTensorFile } from './safetensors.js';
import { checked, fields, kept, optional, type Kept } from '../base/schema.js';

/** Marks the files of save(), which have the layout of a checkpoint without a run. */
const savedFormat = 'advnative classifier 1';

/** What a classifier consists of, with its optimiser state. */
export interface SavedClassifier {
  readonly config: NativeClassifierConfig;
  readonly state: NativeState;
}

const option = <Name extends keyof NativeClassifierConfig>(name: Name) =>
  kept(classifierOptions[name].rule as Rule<NativeClassifierConfig[Name]>);

const configMembers = {
  /** Files that were saved when GRUs were all there was name no cell. */
  cell: optional(option('cell')),
  vocabularySize: option('vocabularySize'),
  embeddingSize: option('embeddingSize'),
  hiddenSize: option('hiddenSize'),
  mlpSize: option('mlpSize'),
  classCount: option('classCount'),
  unknownId: option('unknownId'),
  embeddingRange: option('embeddingRange'),
  seed: option('seed'),
  threads: option('threads'),
};
const documentSchema = fields({ format: kept(text), config: fields(configMembers), step: kept(integer(0)) });
type SavedDocument = Kept<typeof documentSchema>;

/**
 * Writes a classifier in place of what the path holds, atomically.
 *
 * @throws AdvError STORAGE when the disk is full or not writable
 */
export async function writeSavedClassifier(path: string, { config, state }: SavedClassifier): Promise<void> {
  const { step, parameters, firstMoment, secondMoment } = state;
  const document: SavedDocument = { format: savedFormat, config, step };
  await writeTensorFile(path, { tensors: { parameters, firstMoment, secondMoment }, document });
}

/**
 * Reads what writeSavedClassifier wrote.
 *
 * @throws AdvError CHECKPOINT when the file is missing, damaged or no saved classifier
 */
export async function readSavedClassifier(path: string): Promise<SavedClassifier> {
  const { tensors, document } = await readTensorFile(path);
  const { format } = (document ?? {}) as Partial<SavedDocument>;
  if (format !== savedFormat) {
    throw new AdvError(
      'CHECKPOINT',
      `expected a file that Classifier.save() wrote, got ${path} of format '${String(format)}'`,
      'A run directory is opened by evaluate() and exportOnnx().',
    );
  }
  const { config: saved, step } = checked(documentSchema, document, (problem) => damaged(path, problem));
  const config = { ...known(saved), cell: saved.cell ?? 'gru' };
  if (config.unknownId >= config.vocabularySize) {
    throw damaged(path, `expected config.unknownId below ${config.vocabularySize}, got ${config.unknownId}`);
  }
  // Before an engine is made, whose memory these sizes would ask for.
  const expected = parameterCount(modelTensors(config));
  const { parameters, firstMoment, secondMoment } = tensors;
  const sizes = [parameters, firstMoment, secondMoment].map((tensor) => tensor?.length);
  if (!parameters || !firstMoment || !secondMoment || sizes.some((size) => size !== expected)) {
    throw damaged(
      path,
      `expected ${expected} numbers in each of its tensors, got ${sizes.map((size) => size ?? 'none').join(', ')}`,
    );
  }
  return { config, state: { step, parameters, firstMoment, secondMoment } };
}

/** The members that this version knows: an option that it lacks would be refused as the caller's. */
function known(config: SavedDocument['config']): SavedDocument['config'] {
  const names = Object.keys(configMembers) as (keyof NativeClassifierConfig)[];
  return Object.fromEntries(names.map((name) => [name, config[name]])) as unknown as SavedDocument['config'];
}

function damaged(path: string, problem: string): AdvError {
  return new AdvError(
    'CHECKPOINT',
    `the classifier ${path} is damaged: ${problem}`,
    'Restore it from a copy.',
  );
}
