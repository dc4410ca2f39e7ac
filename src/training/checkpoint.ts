import { createHash } from 'node:crypto';
import { AdvError } from '../base/errors.js';
import type { NativeTensorInfo } from '../engine/addon.js';
import { cellOfTensors, parameterCount } from '../engine/cells.js';
import type { Storage } from '../base/storage/atomic-file.js';
import { anyText, integer } from '../base/rules.js';
import { readTensorFile, stateOf, tensorsOf, writeTensorFile } from './safetensors.js';
import { schedulePositionSchema, type ScheduleState } from './schedule-state.js';
import { checked, fields, kept, listOf, type Kept } from '../base/schema.js';

const checkpointFormat = 2;

/** What a checkpoint belongs to: it is refused for anything else. */
export interface CheckpointOwner {
  /** Hash of all that decides the run's numbers, see fingerprint(). */
  readonly fingerprint: string;
  /** The model's tensors. */
  readonly tensors: readonly NativeTensorInfo[];
  /** Whether the model keeps an average of its parameters. */
  readonly averages: boolean;
}

const documentSchema = fields({
  format: kept(integer(0)),
  fingerprint: kept(anyText),
  /** Name and shape of each model tensor in the flat parameter vector. */
  model: listOf(kept(anyText)),
  step: kept(integer(0)),
  position: schedulePositionSchema,
});
type CheckpointDocument = Kept<typeof documentSchema>;

/** Hash of a JSON value, the same for any order of its keys. */
export function fingerprint(value: unknown): string {
  const sorted = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
  return createHash('sha256').update(sorted).digest('hex');
}

/**
 * Writes a schedule's state in place of the last checkpoint, atomically: tensors `parameters`, `firstMoment`,
 * `secondMoment`, `average` of a model that keeps one and, from epoch 1 on, `best`, each flat; position, sums and history in the
 * metadata.
 *
 * @throws AdvError STORAGE when the disk is full or not writable: the last good checkpoint survives
 */
export async function writeCheckpoint(
  path: string,
  state: ScheduleState,
  owner: CheckpointOwner,
  storage?: Storage,
): Promise<void> {
  const { step, ...vectors } = state.engine;
  const document: CheckpointDocument = {
    format: checkpointFormat,
    fingerprint: owner.fingerprint,
    model: modelShape(owner.tensors),
    step,
    position: state.position,
  };
  const best = state.best === undefined ? {} : { best: state.best };
  await writeTensorFile(path, { tensors: { ...vectors, ...best }, document }, storage);
}

/**
 * Reads a schedule's state.
 *
 * @throws AdvError CHECKPOINT when it is missing, truncated, damaged, of another version, or belongs to other options,
 *   other data or a model of another cell or shape
 */
export async function readCheckpoint(path: string, owner: CheckpointOwner): Promise<ScheduleState> {
  const file = await readTensorFile(path);
  const { document } = file;
  const { format } = (document ?? {}) as Partial<CheckpointDocument>;
  if (format !== checkpointFormat) {
    throw refused(
      path,
      `has format version ${String(format)}, expected ${checkpointFormat}`,
      'Use the version of advnative that wrote it.',
    );
  }
  const damaged = (problem: string): AdvError => refused(path, `is damaged: ${problem}`);
  const { fingerprint: madeBy, model, step, position } = checked(documentSchema, document, damaged);
  requireSameModel(path, modelShape(owner.tensors), model);
  if (madeBy !== owner.fingerprint) {
    throw refused(path, 'belongs to other options, labels, vocabulary or data than run.json names');
  }
  const size = parameterCount(owner.tensors);
  const engine = { step, ...stateOf(file, owner.averages, size, damaged) };
  const trained = position.history.some(({ epoch }) => epoch > 0);
  const best = trained ? tensorsOf(file, ['best'], size, damaged).best : undefined;
  return { position, best, engine };
}

/** The cell comes first: to say that it differs tells more than two lists of tensors. */
function requireSameModel(path: string, expected: readonly string[], got: readonly string[]): void {
  const [expectedCell = 'none', cell = 'none'] = [expected, got].map(cellOfTensors);
  if (cell !== expectedCell) {
    throw refused(path, `holds a model of another cell: expected ${expectedCell}, got ${cell}`);
  }
  if (got.join() !== expected.join()) {
    const shapes = `expected ${expected.join(', ')}; got ${got.join(', ')}`;
    throw refused(path, `holds a model of another shape: ${shapes}`);
  }
}

function modelShape(tensors: readonly NativeTensorInfo[]): string[] {
  return tensors.map(({ name, shape }) => `${name} [${shape.join(', ')}]`);
}

function refused(
  path: string,
  what: string,
  hint = 'Put back the run.json and checkpoint/ folder that belong together, or begin a new run.',
): AdvError {
  return new AdvError('CHECKPOINT', `the checkpoint ${path} ${what}`, hint);
}
