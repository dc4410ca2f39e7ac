import type { Warning } from '../base/warnings.js';
import { bestOfAny } from './best.js';
import { ownDataDefaults } from './defaults.js';
import { warningsOf } from './doubts/doubt.js';
import { SplitSurvey } from './doubts/survey.js';
import { withDoubts } from './doubts/with-doubts.js';
import { EmptyRows } from '../files/empty-rows.js';
import { ExampleGroups } from '../text/example-groups.js';
import { describeFiles, requireStoredFile } from '../files/files.js';
import type { SplitName } from './split-names.js';
import {
  checkForm,
  readExamples,
  scanLabels,
  type LabelledFile,
  type LabelScan,
} from '../files/labelled-file.js';
import { anyLabel, oneOf, type LabelRule } from '../files/label-rule.js';
import { MalformedLines } from '../files/malformed.js';
import { checkOpenOptions } from './open-options.js';
import { formatOf } from '../files/format.js';
import { formOf, type DataForm } from '../files/record.js';
import { sealed } from './sealed.js';
import { changedPlaces, openSuppliedSplits } from './splits/supplied-splits.js';
import type { Dataset, OpenDatasetOptions } from './types.js';
import type { Example } from '../text/types.js';
import type { SkippedLines } from '../files/types.js';

/** The user's files of labelled texts, and how all of them are to be read. */
export interface OwnDataFiles extends DataForm {
  readonly train: string;
  readonly valid?: string | undefined;
  readonly test?: string | undefined;
}

/**
 * Opens the user's own data. The labels are those of the training file. Without a validation file, a tenth of the
 * training file is held out, drawn by the split seed and stratified over classes, before `limit` is applied to the rest;
 * examples with equal texts stay together.
 * Every file is read to its end once, so that a malformed record shows before training begins.
 *
 * @throws AdvError DATA_MISSING when a file cannot be read or is a pipe; DATA_MALFORMED when a record is malformed, a column is missing, a
 * file is damaged or empty or begins with what looks like a header, the training data has one class only, or a label is not among those of the training data; USAGE
 * for a limit above what exists
 */
export async function openOwnData(files: OwnDataFiles, options: OpenDatasetOptions): Promise<Dataset> {
  checkOpenOptions(options);
  const test = options.withoutTest === true ? undefined : files.test;
  const paths = [files.train, files.valid, test].filter((path) => path !== undefined);
  for (const path of paths) await requireStoredFile(path);
  const malformed = new MalformedLines(options.onMalformed);
  const { signal } = options;
  const emptyRows = new EmptyRows();
  const how = { form: formOf(files), malformed, emptyRows, signal };
  const trainFile: LabelledFile = { path: files.train, split: 'train', rule: anyLabel, ...how };
  const groups = new ExampleGroups();
  const survey = surveyOf('train', trainFile);
  const scan = await scanLabels(trainFile, {
    survey,
    groups: files.valid === undefined ? groups : undefined,
  });
  const others = { rule: ofTraining(scan), ...how };
  const validFile = files.valid === undefined ? undefined : { path: files.valid, split: 'valid', ...others };
  const testFile = test === undefined ? undefined : { path: test, split: 'test', ...others };
  const surveys = [survey];
  if (validFile) surveys.push(await checked('valid', validFile));
  if (testFile) surveys.push(await checked('test', testFile));
  const { notes, count, ...splits } = openSuppliedSplits(
    {
      path: files.train,
      ...scan,
      skipped: malformed.skipped,
      train: () => readExamples(trainFile),
      valid: validFile ? () => readExamples(validFile) : groups,
    },
    options,
  );
  const described = await describeFiles(
    paths.map((path) => ({ name: path, path })),
    signal,
  );
  const dataset = {
    name: 'own-data',
    labels: scan.names,
    level: undefined,
    defaults: ownDataDefaults,
    best: bestOfAny(count),
    ...splits,
    test: testFile && sealed(() => readExamples(testFile)),
    facts: {
      name: 'own-data',
      files: described,
      licence: 'not stated',
      citation: 'not stated',
      notes: [...emptyRows.notes, ...notes],
    },
    get skipped() {
      return malformed.skipped;
    },
  };
  return withDoubts(
    dataset,
    surveys.map((one, place) => ({ survey: one, file: described[place] })),
  );
}

function surveyOf(split: SplitName, { path, form }: LabelledFile): SplitSurvey {
  return new SplitSurvey(split, { findQuotes: (form?.format ?? formatOf(path)) === 'tsv' });
}

/** The labels of the training data; where they are most likely its texts, a message says so. */
function ofTraining(scan: LabelScan): LabelRule {
  const rule = oneOf(scan.names);
  const places = changedPlaces(scan);
  return places === '' ? rule : { ...rule, like: () => `.${places}` };
}

/** What is seen of a file when its form is checked. */
async function checked(split: SplitName, file: LabelledFile): Promise<SplitSurvey> {
  const survey = surveyOf(split, file);
  await checkForm(file, survey);
  return survey;
}

/** A labelled file as a stream, with the records that were left out. */
export interface OpenedFile extends AsyncIterable<Example> {
  /** Records left out so far because they are malformed (onMalformed: 'skip'). */
  readonly skipped: SkippedLines;
  /** What a reader of a result must know of what has been read so far. */
  readonly notes: readonly string[];
  /** What is likely wrong with what has been read last. */
  readonly warnings: readonly Warning[];
}

/**
 * Opens one labelled file to evaluate a finished model on. It may be iterated several times.
 *
 * @param labels the model's labels, or undefined to take every label as it comes
 * @throws AdvError, while iterating, DATA_MISSING when it cannot be read and DATA_MALFORMED when a record is malformed or has
 * another label, a column is missing, or the file is damaged; INTERRUPTED
 */
export function openLabelledFile(
  file: string,
  labels: readonly string[] | undefined,
  options: Pick<OpenDatasetOptions, 'onMalformed' | 'signal'> & DataForm,
): OpenedFile {
  const { onMalformed, signal, ...form } = options;
  const malformed = new MalformedLines(onMalformed);
  const emptyRows = new EmptyRows();
  const rule = labels === undefined ? anyLabel : oneOf(labels);
  const labelled: LabelledFile = { path: file, form, split: 'test', rule, malformed, emptyRows, signal };
  let survey = surveyOf('test', labelled);
  return {
    async *[Symbol.asyncIterator]() {
      survey = surveyOf('test', labelled);
      for await (const example of readExamples(labelled)) {
        survey.add(example);
        yield example;
      }
    },
    get skipped() {
      return malformed.skipped;
    },
    get notes() {
      return emptyRows.notes;
    },
    get warnings() {
      return warningsOf(survey.quoteDoubts(file));
    },
  };
}
