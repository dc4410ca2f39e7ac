import { AdvError } from '../errors.js';
import { ownDataDefaults } from './defaults.js';
import { holdOut } from './draw.js';
import { digestFile } from './files.js';
import { checkForm, readExamples, scanLabels, type LabelledFile, type LabelScan } from './labelled-file.js';
import { anyLabel, oneOf } from './label-rule.js';
import { MalformedLines } from './malformed.js';
import { checkOpenOptions } from './open-options.js';
import { Random } from './random.js';
import type { DataForm } from './readers/record.js';
import { sealed } from './sealed.js';
import { drawTraining } from './training-draw.js';
import type { Dataset, DatasetFile, Example, OpenDatasetOptions } from './types.js';

/** Share of the training file that becomes validation data when there is no file of its own. */
const heldOutShare = 0.1;

/** The user's files of labelled texts, and how all of them are to be read. */
export interface OwnDataFiles extends DataForm {
  readonly train: string;
  readonly valid?: string | undefined;
  readonly test?: string | undefined;
}

/**
 * Opens the user's own data. The labels are those of the training file. Without a validation file, a tenth of the
 * training file is held out, drawn by the seed and stratified over classes, before `limit` is applied to the rest.
 * Every file is read to its end once, so that a malformed record shows before training begins.
 *
 * @throws AdvError DATA_MISSING when a file cannot be read; DATA_MALFORMED when a record is malformed, a column is missing, a
 * file is damaged or empty, the training data has one class only, or a label is not among those of the training data; USAGE
 * for a limit above what exists
 */
export async function openOwnData(files: OwnDataFiles, options: OpenDatasetOptions): Promise<Dataset> {
  checkOpenOptions(options);
  const malformed = new MalformedLines(options.onMalformed);
  const { signal, seed, splitSeed = 1 } = options;
  const { format, textColumn, labelColumn } = files;
  const how = { form: { format, textColumn, labelColumn }, malformed, signal };
  const trainFile: LabelledFile = { path: files.train, split: 'train', rule: anyLabel, ...how };
  const scan = await scanLabels(trainFile);
  const others = { rule: oneOf(scan.names), ...how };
  const validFile = files.valid === undefined ? undefined : { path: files.valid, split: 'valid', ...others };
  const testFile = files.test === undefined ? undefined : { path: files.test, split: 'test', ...others };
  if (validFile) await checkForm(validFile);
  if (testFile) await checkForm(testFile);

  const heldOut = validFile === undefined ? holdOutValidation(files.train, scan, splitSeed) : undefined;
  const labels = scan.labels.map((label, example) => (heldOut?.[example] === 1 ? -1 : label));
  const draw = drawTraining({ path: files.train, names: scan.names, labels }, options.limit, seed);
  const wanted = draw.wanted ?? heldOut?.map((mark) => 1 - mark);
  return {
    name: 'own-data',
    labels: scan.names,
    level: 'word',
    defaults: ownDataDefaults,
    train: () => readExamples(trainFile, wanted),
    valid: () => (validFile === undefined ? readExamples(trainFile, heldOut) : readExamples(validFile)),
    test: testFile && sealed(() => readExamples(testFile)),
    facts: {
      name: 'own-data',
      files: await describeFiles(files, signal),
      licence: 'not stated',
      citation: 'not stated',
      notes: [...(heldOut === undefined ? [] : [describeHoldOut(heldOut)]), ...draw.notes],
    },
    get skipped() {
      return malformed.skipped;
    },
  };
}

/** A labelled file as a stream, with the records that were left out. */
export interface OpenedFile extends AsyncIterable<Example> {
  /** Records left out so far because they are malformed (onMalformed: 'skip'). */
  readonly skipped: readonly string[];
}

/**
 * Opens one labelled file to evaluate a finished model on. It may be iterated several times.
 *
 * @param labels the model's labels, or undefined to take every label as it comes
 * @throws AdvError, while iterating, DATA_MISSING when it cannot be read and DATA_MALFORMED when a record is malformed or has
 * another label, a column is missing, or the file is damaged
 */
export function openLabelledFile(
  file: string,
  labels: readonly string[] | undefined,
  options: Pick<OpenDatasetOptions, 'onMalformed'> & DataForm,
): OpenedFile {
  const { onMalformed, ...form } = options;
  const malformed = new MalformedLines(onMalformed);
  const rule = labels === undefined ? anyLabel : oneOf(labels);
  return {
    [Symbol.asyncIterator]: () =>
      readExamples({ path: file, form, split: 'test', rule, malformed, signal: undefined }),
    get skipped() {
      return malformed.skipped;
    },
  };
}

function holdOutValidation(path: string, { names, labels }: LabelScan, seed: number): Uint8Array {
  const heldOut = holdOut(labels, names.length, heldOutShare, new Random(seed, 'validation'));
  if (heldOut.includes(1)) return heldOut;
  throw new AdvError(
    'DATA_MALFORMED',
    `${path}: no class has two examples, so none can be held out for validation`,
    'Give validation data with --valid, or more training data.',
  );
}

function describeHoldOut(heldOut: Uint8Array): string {
  const count = heldOut.reduce((sum, mark) => sum + mark, 0);
  return `validation data: ${count} examples of the training file (10 %), stratified over classes and drawn by split seed`;
}

async function describeFiles(files: OwnDataFiles, signal?: AbortSignal): Promise<DatasetFile[]> {
  const described: DatasetFile[] = [];
  for (const name of [files.train, files.valid, files.test]) {
    if (name === undefined) continue;
    const { bytes, sha256 } = await digestFile(name, signal);
    described.push({ name, bytes, sha256 });
  }
  return described;
}
